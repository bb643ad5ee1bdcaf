/** The newest events in order, numbered without gaps. Promise: it never grows past its size. */
import type { Tell } from './happenings.js';
import type { EventName } from './schemas.js';

export interface Happening {
  /** Counts from 1 in this process. */
  readonly serial: number;
  readonly name: EventName;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Id of the monitor it is about; null where it is about none. */
  readonly monitor: string | null;
  readonly data: object;
}

export class EventLog {
  readonly #size: number;
  readonly #now: () => number;
  readonly #ring: Happening[] = [];
  /** Tells apart the numbers of one process from those of the next. */
  readonly life: string;
  #last = 0;

  constructor(now: () => number, life: string, size = 4_096) {
    this.#now = now;
    this.#size = size;
    this.life = life;
  }

  /** Number of the newest event; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Number of the oldest event that is kept. */
  get first(): number {
    return Math.max(1, this.#last - this.#size + 1);
  }

  readonly note: Tell = (name, data, monitor) => {
    this.#last += 1;
    // Slot of a number: its remainder. The oldest makes room.
    this.#ring[this.#last % this.#size] = { serial: this.#last, name, at: this.#now(), monitor, data };
  };

  /** At most `most` events from number `from` on; those that are forgotten are left out. */
  from(from: number, most: number): Happening[] {
    const found: Happening[] = [];
    const begin = Math.max(from, this.first);
    for (let serial = begin; serial <= this.#last && found.length < most; serial += 1) {
      const one = this.#ring[serial % this.#size];
      if (one !== undefined) found.push(one);
    }
    return found;
  }
}
