/** What was measured beside what must be reached, for people. Pure. */
import { machineLine } from './machine.js';
import type { Result } from './results.js';
import { figureOf, withUnit } from './table.js';
import { isMet, rowOf, type Line } from './targets.js';

/** Those of `lines` that were measured, and for each bench which code and machine it comes from. */
export function targetTable(lines: readonly Line[], results: readonly Result[]): string {
  const rows = results.flatMap((result) => result.rows);
  const shown = lines.flatMap((line) => {
    const row = rowOf(line, rows);
    if (row === undefined) return [];
    const met = isMet(line, row);
    const cells = [
      line.what,
      figureOf(row),
      row.floor === null ? '' : withUnit(row.floor, row.unit),
      row.ratio === null ? '' : `${row.ratio} ×`,
      targetOf(line, row.unit),
      met === null ? '' : met ? 'yes' : '**no**',
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  return [
    '| what | measured | floor | ratio | target | met? |',
    '| --- | --- | --- | --- | --- | --- |',
    ...shown,
    '',
    sourcesOf(results),
  ].join('\n');
}

function targetOf({ max, maxRatio, minRatio }: Line, unit: Parameters<typeof withUnit>[1]): string {
  const parts = [
    max === null ? null : `≤ ${withUnit(max, unit)}`,
    maxRatio === undefined ? null : `≤ ${maxRatio} ×`,
    minRatio === undefined ? null : `≥ ${minRatio} ×`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** One line, however they were measured. */
function sourcesOf(results: readonly Result[]): string {
  const benchesBy = new Map<string, string[]>();
  for (const { bench, machine } of results) {
    const line = machineLine(machine);
    benchesBy.set(line, [...(benchesBy.get(line) ?? []), bench]);
  }
  const isOne = benchesBy.size === 1;
  const parts = [...benchesBy].map(([line, benches]) => (isOne ? line : `${benches.join(', ')}: ${line}`));
  return `Measured: ${parts.join('; ')}.`;
}
