/** The tables of docs/size-a-machine.md: by host and by kind, from the kept results. Pure. */
import { HOSTS } from './hosts.js';
import { machineLine } from './machine.js';
import type { Result } from './results.js';
import type { MeasuredRow } from './rows.js';
import { figureOf, withUnit } from './table.js';

/** A column of the table by host: where its figures are. */
const BY_HOST = [
  { title: 'monitors that fit', bench: 'capacity', metric: 'monitors', n: null },
  { title: 'memory of one, at 100', bench: 'memory-hosts', metric: 'private', n: 100 },
  { title: '1,000 up after', bench: 'start-all', metric: 'running', n: 1_000 },
  { title: 'lateness p99 at 200 rounds/s', bench: 'latency', metric: 'lateness_p99', n: 200 },
] as const;
const KIND_COUNTS = [100, 20];
const NOT_YET = 'not measured yet';

/** Benches whose results the tables show. */
export const SIZING_BENCHES: readonly string[] = [...BY_HOST.map(({ bench }) => bench), 'memory'];

export function sizingTables(results: readonly Result[]): string {
  const rows = results.flatMap((result) => result.rows);
  return [hostTable(rows), kindTable(rows), sourcesOf(results)].join('\n\n');
}

function hostTable(rows: readonly MeasuredRow[]): string {
  const lines = HOSTS.map(({ name }) => {
    const cells = BY_HOST.map(({ bench, metric, n }) => {
      const row = rows.find(
        (one) =>
          one.bench === bench && one.metric === metric && one.host === name && (n === null || one.n === n),
      );
      return row === undefined ? NOT_YET : figureOf(row, NOT_YET);
    });
    return `| \`${name}\` | ${cells.join(' | ')} |`;
  });
  const titles = BY_HOST.map(({ title }) => title);
  return [`| host | ${titles.join(' | ')} |`, `| --- |${' --- |'.repeat(titles.length)}`, ...lines].join(
    '\n',
  );
}

/** Cases of several words are variants and floors. */
function kindTable(rows: readonly MeasuredRow[]): string {
  const lines = rows
    .filter(({ bench, metric, n }) => bench === 'memory' && metric === 'private' && KIND_COUNTS.includes(n))
    .filter((row) => !row.case.includes(' '))
    .map((row) => `| \`${row.case}\` | ${row.n} | ${withUnit(row.value, row.unit)} |`);
  if (lines.length === 0) return `Memory by kind: ${NOT_YET}.`;
  return ['| kind | monitors | memory of one, in a thread each |', '| --- | --- | --- |', ...lines].join(
    '\n',
  );
}

function sourcesOf(results: readonly Result[]): string {
  const parts = results.map(({ bench, machine }) => `${bench}: ${machineLine(machine)}`);
  return parts.length === 0 ? '' : `Measured: ${parts.join('; ')}.`;
}
