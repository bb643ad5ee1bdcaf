/** Rows as a table for people. Pure. */
import type { MeasuredRow } from './rows.js';

export function renderRows(rows: readonly MeasuredRow[]): string {
  const lines = [
    ['case', 'host', 'n', 'metric', 'median', 'min', 'p99', 'floor', 'ratio', 'samples', ''],
    ...rows.map((row) => [
      row.case,
      row.host,
      String(row.n),
      row.metric,
      withUnit(row.value, row.unit),
      textOf(row.min),
      textOf(row.p99),
      row.floor === null ? '' : withUnit(row.floor, row.unit),
      row.ratio === null ? '' : `${row.ratio} ×`,
      String(row.samples),
      row.note ?? '',
    ]),
  ];
  const widths = (lines[0] ?? []).map((_title, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function withUnit(value: number | null, unit: MeasuredRow['unit']): string {
  if (value === null) return '–';
  return unit === 'count' ? String(value) : `${value} ${unit}`;
}

/** For people who see one figure of a row: with its note, which may say that it is a lower bound. */
export function figureOf({ value, unit, note }: MeasuredRow, otherwise = ''): string {
  if (value === null) return note ?? otherwise;
  return note === undefined ? withUnit(value, unit) : `${withUnit(value, unit)} (${note})`;
}

function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}
