/** Rows to text of a given width. Pure; colours only when asked for. */
import { layOut, type Column as PlainColumn } from './columns.js';
import { LAGGING_BLOCKS, type Row } from './row.js';

const RESET = '\u001b[0m';
const COLOUR = {
  good: '\u001b[32m',
  odd: '\u001b[33m',
  bad: '\u001b[31m',
  dim: '\u001b[90m',
  bold: '\u001b[1m',
};

interface Column extends PlainColumn {
  readonly text: (row: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'NAME', text: (row) => row.name, maxWidth: 24 },
  { title: 'KIND', text: (row) => row.kind, maxWidth: 20 },
  { title: 'STATE', text: (row) => row.state, maxWidth: 10 },
  { title: 'HEALTH', text: (row) => row.health, maxWidth: 10 },
  { title: 'HOST', text: (row) => row.host, maxWidth: 18 },
  { title: 'LAST ROUND', text: (row) => row.lastRound, maxWidth: 20 },
  { title: 'RESTARTS', text: (row) => String(row.restarts), maxWidth: 8 },
  { title: 'KEY FIGURE', text: (row) => row.keyFigure, maxWidth: 200 },
];

/** One header line and one line a row, none longer than `width`. */
export function renderTable(rows: readonly Row[], width: number, isColoured: boolean): string[] {
  const [header = '', ...lines] = layOut(
    COLUMNS,
    rows.map((row) => COLUMNS.map((column) => column.text(row))),
    width,
  );
  const body = lines.map((text, index) => {
    const row = rows[index];
    return isColoured && row !== undefined ? `${colourOf(row)}${text}${RESET}` : text;
  });
  return [isColoured ? `${COLOUR.bold}${header}${RESET}` : header, ...body];
}

/** `4 monitors: 3 running, 1 backoff`; the words of the state table, most frequent first. */
export function renderCounts(rows: readonly Pick<Row, 'state'>[]): string {
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
