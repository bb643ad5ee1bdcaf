/** The table on a terminal, redrawn in place; the newest log lines stand below it. */
import { renderCounts, renderTable } from './render.js';
import type { Row } from './row.js';

const LOG_LINES = 6;
const EVERY_MS = 500;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[J';

export class LiveTable {
  readonly #out: NodeJS.WriteStream;
  readonly #rows: () => readonly Row[];
  readonly #headline: () => string;
  readonly #logLines: string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #drawnLines = 0;

  constructor(options: { out: NodeJS.WriteStream; rows: () => readonly Row[]; headline: () => string }) {
    this.#out = options.out;
    this.#rows = options.rows;
    this.#headline = options.headline;
  }

  start(): void {
    this.#out.write(HIDE_CURSOR);
    this.#timer = setInterval(() => {
      this.#draw();
    }, EVERY_MS);
    this.#draw();
  }

  /** Draws a last time and leaves the table standing. */
  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#draw();
    this.#out.write(SHOW_CURSOR);
  }

  addLogLine(line: string): void {
    this.#logLines.push(line);
    if (this.#logLines.length > LOG_LINES) this.#logLines.shift();
  }

  #draw(): void {
    const width = Math.max(40, this.#out.columns);
    const height = Math.max(8, this.#out.rows);
    const rows = this.#rows();
    const room = Math.max(1, height - LOG_LINES - 6);
    const shown = rows.length <= room ? rows : worstFirst(rows).slice(0, room);
    const more = rows.length - shown.length;
    const lines = [
      `${this.#headline()}  ${renderCounts(rows)}`.slice(0, width),
      '',
      ...renderTable(shown, width, true),
      ...(more > 0 ? [`… and ${more} more`] : []),
      '',
      ...this.#logLines.map((line) => line.slice(0, width)),
    ];
    const up = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A\r` : '';
    this.#out.write(`${up}${CLEAR_BELOW}${lines.join('\n')}\n`);
    this.#drawnLines = lines.length;
  }
}

/** What needs an operator first; otherwise the given order. */
function worstFirst(rows: readonly Row[]): Row[] {
  const rank = ({ state, health }: Row): number =>
    state === 'failed' ? 0 : health === 'hung' || health === 'failing' ? 1 : state !== 'running' ? 2 : 3;
  return [...rows].sort((a, b) => rank(a) - rank(b));
}
