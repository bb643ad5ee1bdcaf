/**
 * The terminal as one picture with keys. Promise: what it was before is restored however the process ends, but for
 * SIGKILL; only lines that changed are written, and none while the terminal has not taken the ones before.
 */
import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Size } from './frame.js';
import type { Key } from './view.js';

/** The other screen, no cursor, no wrapping of long lines. */
const OPEN = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const CLOSE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[2J';
const TO_END_OF_LINE = '\u001b[K';
const SMALLEST = { width: 20, height: 8 };

interface ReadlineKey {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

export class Screen {
  readonly #out: WriteStream;
  readonly #in: ReadStream;
  #drawn: readonly string[] | null = null;
  #isOpen = false;
  readonly #onKey: (key: Key) => void;
  readonly #onChange: () => void;

  /** `onChange`: it wants to be drawn anew. Key presses are told one by one; the end of the input is Ctrl-C. */
  constructor(parts: { out: WriteStream; in: ReadStream; onKey: (key: Key) => void; onChange: () => void }) {
    this.#out = parts.out;
    this.#in = parts.in;
    this.#onKey = parts.onKey;
    this.#onChange = parts.onChange;
  }

  get size(): Size {
    const { columns, rows } = this.#out;
    return {
      width: Math.max(SMALLEST.width, columns || 80),
      height: Math.max(SMALLEST.height, rows || 24),
    };
  }

  open(): void {
    this.#isOpen = true;
    process.once('exit', this.close);
    this.#out.write(OPEN + CLEAR);
    this.#out.on('resize', this.#redraw);
    process.on('SIGCONT', this.#redraw);
    emitKeypressEvents(this.#in);
    this.#in.setRawMode(true);
    this.#in.on('keypress', this.#pressed).on('end', this.#ended).resume();
  }

  /** Idempotent. */
  readonly close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.close).off('SIGCONT', this.#redraw);
    this.#out.off('resize', this.#redraw);
    this.#in.off('keypress', this.#pressed).off('end', this.#ended).pause();
    // A terminal that is gone has nothing to be restored.
    if (!this.#in.destroyed) this.#in.setRawMode(false);
    this.#out.write(CLOSE);
  };

  /** False: the terminal is slow, so this picture is left out. */
  draw(lines: readonly string[]): boolean {
    if (!this.#isOpen || this.#out.writableNeedDrain) return false;
    const before = this.#drawn;
    const changed = lines.flatMap((line, at) =>
      before?.[at] === line ? [] : [`\u001b[${at + 1};1H${line}${TO_END_OF_LINE}`],
    );
    this.#drawn = lines;
    if (changed.length > 0 || before === null)
      this.#out.write((before === null ? CLEAR : '') + changed.join(''));
    return true;
  }

  readonly #redraw = (): void => {
    this.#drawn = null;
    // Whoever stopped us has taken the terminal out of raw mode.
    if (!this.#in.destroyed) this.#in.setRawMode(true);
    this.#onChange();
  };

  readonly #pressed = (text: string | undefined, { name, ctrl, meta }: ReadlineKey): void => {
    this.#onKey({ name, ctrl, meta, text });
  };

  readonly #ended = (): void => {
    this.#onKey({ name: 'c', ctrl: true });
  };
}
