/** Rows to text of a given width. Pure; colours only when asked for. */
import { printable } from '@vedette/contract';
import { LAGGING_BLOCKS, type Row } from './rows.js';

const RESET = '\u001b[0m';
const COLOUR = {
  good: '\u001b[32m',
  odd: '\u001b[33m',
  bad: '\u001b[31m',
  dim: '\u001b[90m',
  bold: '\u001b[1m',
};

interface Column {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly maxWidth: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'NAME', text: (row) => row.name, maxWidth: 24 },
  { title: 'KIND', text: (row) => row.kind, maxWidth: 20 },
  { title: 'STATE', text: (row) => row.state, maxWidth: 10 },
  { title: 'HEALTH', text: (row) => row.health, maxWidth: 10 },
  { title: 'LAST ROUND', text: (row) => row.lastRound, maxWidth: 20 },
  { title: 'RESTARTS', text: (row) => String(row.restarts), maxWidth: 8 },
  { title: 'KEY FIGURE', text: (row) => row.keyFigure, maxWidth: 200 },
];

/** One header line and one line a row, none longer than `width`. */
export function renderTable(rows: readonly Row[], width: number, isColoured: boolean): string[] {
  const cells = rows.map((row) =>
    COLUMNS.map((column) => clip(printable(column.text(row)), column.maxWidth)),
  );
  const widths = COLUMNS.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const join = (line: readonly string[]): string =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  const header = clip(join(COLUMNS.map(({ title }) => title)), width);
  const body = cells.map((line, index) => {
    const text = clip(join(line), width);
    const row = rows[index];
    return isColoured && row !== undefined ? `${colourOf(row)}${text}${RESET}` : text;
  });
  return [isColoured ? `${COLOUR.bold}${header}${RESET}` : header, ...body];
}

/** `4 monitors: 3 running, 1 backoff`; the words of the state table, most frequent first. */
export function renderCounts(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([state, count]) => `${count} ${state}`);
  const noun = rows.length === 1 ? 'monitor' : 'monitors';
  return parts.length === 0 ? `${rows.length} ${noun}` : `${rows.length} ${noun}: ${parts.join(', ')}`;
}

function colourOf(row: Row): string {
  if (row.state === 'failed' || row.health === 'hung' || row.health === 'failing') return COLOUR.bad;
  if (row.state === 'backoff' || row.health === 'late') return COLOUR.odd;
  if ((row.blocksBehind ?? 0) >= LAGGING_BLOCKS || /^\d{4}: /.test(row.keyFigure)) return COLOUR.odd;
  return row.health === 'healthy' ? COLOUR.good : COLOUR.dim;
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
