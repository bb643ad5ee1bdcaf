/** Results as they are kept in `benchmarks/results`: one JSON file per bench, the latest run only. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/support/root.js';
import { chartsOf } from './charts.js';
import type { Machine } from './machine.js';
import type { MeasuredRow } from './rows.js';

export interface Result {
  readonly bench: string;
  readonly machine: Machine;
  readonly rows: readonly MeasuredRow[];
}

const FOLDER = join(ROOT, 'benchmarks', 'results');

export function keepResult(result: Result): void {
  mkdirSync(FOLDER, { recursive: true });
  const rows = result.rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  const machine = JSON.stringify(result.machine);
  const text = `{\n  "bench": ${JSON.stringify(result.bench)},\n  "machine": ${machine},\n  "rows": [\n${rows}\n  ]\n}\n`;
  writeFileSync(fileOf(result.bench), text);
}

/** Beside the results. */
export function keepCharts(result: Result): void {
  for (const { file, svg } of chartsOf(result)) writeFileSync(join(FOLDER, file), svg);
}

/** Null if the bench was never kept. */
export function keptResult(bench: string): Result | null {
  return existsSync(fileOf(bench)) ? (JSON.parse(readFileSync(fileOf(bench), 'utf8')) as Result) : null;
}

function fileOf(bench: string): string {
  return join(FOLDER, `${bench}.json`);
}
