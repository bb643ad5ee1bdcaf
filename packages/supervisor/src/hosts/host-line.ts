/**
 * The child's end of the line to the host that forked it. Promise: the process does not outlive the line, a
 * flood costs bytes and no heap, and an uncaught error is told before the process ends.
 */
import { serialiseError, type SerialisedError } from '@vedette/contract';
import { Frames } from './frames.js';

/** Several messages that had to wait, as one; see `frames.ts`. */
export interface Backlog {
  readonly from: 'backlog';
  readonly frames: Uint8Array;
}
/** The last word of a process that ends on an uncaught error. */
export interface Crash {
  readonly from: 'crash';
  readonly error: SerialisedError;
}

/** The last word must reach the host; a host that does not read must not keep the process. */
const LAST_WORD_MS = 500;

export class HostLine<In, Out> {
  readonly #backlog = new Frames();
  #isChoked = false;

  constructor(onMessage: (message: In) => void) {
    process.on('message', onMessage);
    process.once('disconnect', () => {
      process.exit();
    });
    process.on('exit', () => {
      this.#relieve();
    });
    process.on('uncaughtException', (error) => {
      this.#crash(error);
    });
  }

  send(message: Out): void {
    if (this.#isChoked) this.#backlog.push(message);
    else this.#sendNow(message);
  }

  /** Lets the process end by itself. */
  close(): void {
    this.#relieve();
    if (process.connected) process.disconnect();
  }

  /** The channel says when it holds more than it should; the callback says when that is gone. */
  #sendNow(message: Out | Backlog): void {
    if (!process.connected) return;
    const isFree = process.send?.(message, undefined, undefined, () => {
      if (this.#isChoked) this.#relieve();
    });
    this.#isChoked = isFree === false;
  }

  #relieve(): void {
    this.#isChoked = false;
    if (!this.#backlog.isEmpty) this.#sendNow({ from: 'backlog', frames: this.#backlog.take() });
  }

  #crash(error: Error): void {
    const end = (): void => {
      process.exit(1);
    };
    setTimeout(end, LAST_WORD_MS);
    this.#relieve();
    if (!process.connected) end();
    const crash: Crash = { from: 'crash', error: serialiseError(error) };
    process.send?.(crash, undefined, undefined, end);
  }
}
