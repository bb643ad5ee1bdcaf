/**
 * Holds back the lists of a base chain until its configs can be taken as complete. Promise: no list goes out
 * while configs of its chains may still be on their way, and none is held for ever.
 *
 * Configs come one by one, nobody says which is the last, and a list replaces what the UI shows. So a list
 * that was never sent in this life waits until the config queues are read, nothing handed over is unsettled,
 * and nothing came for `quietMs`. That is longer than the 10 s after which PANIC's publisher sends its next
 * batch. After `deadlineMs` of reading, a list tells what runs all the same. Once open, a pair stays open:
 * from then on a sub-chain that is not known is one that was added.
 */
import type { Clock, Family } from '@vedette/contract';
import type { Pair } from './monitorables-messages.js';

export const QUIET_MS = 12_000;
export const DEADLINE_MS = 300_000;

/** How far the config queues were read. */
export interface Intake {
  /** Messages that wait are being delivered. */
  readonly isReading: boolean;
  /** Messages handed over and not settled yet. */
  readonly unsettled: number;
}

export interface MonitorablesGateOptions {
  readonly clock: Clock;
  readonly quietMs: number;
  readonly deadlineMs: number;
  /** Told once, when the gate opens for these. */
  readonly onOpen: (pairs: readonly Pair[]) => void;
}

export class MonitorablesGate {
  readonly #options: MonitorablesGateOptions;
  readonly #open = new Set<string>();
  readonly #held = new Map<string, Pair>();
  #intake: Intake = { isReading: true, unsettled: 0 };
  #isClosed = false;
  #cancelQuiet: (() => void) | null = null;
  #cancelDeadline: (() => void) | null = null;

  constructor(options: MonitorablesGateOptions) {
    this.#options = options;
  }

  /** True if its lists may go out; otherwise the pair is remembered until they may. */
  admit(pair: Pair): boolean {
    const key = keyOf(pair.family, pair.baseChain);
    if (this.#open.has(key)) return true;
    if (this.#isClosed) return false;
    this.#held.set(key, pair);
    this.#look();
    return false;
  }

  /** Something came, went or was settled: the quiet begins anew. */
  note(intake: Intake): void {
    this.#intake = intake;
    this.#look();
  }

  /** Opens for nobody any more, also for a config that is still being taken: a timer would hold up the end. */
  close(): void {
    this.#isClosed = true;
    this.#held.clear();
    this.#look();
  }

  #look(): void {
    const { clock, quietMs, deadlineMs } = this.#options;
    const { isReading, unsettled } = this.#intake;
    this.#cancelQuiet?.();
    this.#cancelQuiet = null;
    if (this.#held.size === 0 || !isReading) {
      this.#cancelDeadline?.();
      this.#cancelDeadline = null;
      return;
    }
    const open = (): void => {
      this.#openAll();
    };
    this.#cancelDeadline ??= clock.after(deadlineMs, open);
    if (unsettled === 0) this.#cancelQuiet = clock.after(quietMs, open);
  }

  #openAll(): void {
    const pairs = [...this.#held.values()];
    for (const key of this.#held.keys()) this.#open.add(key);
    this.#held.clear();
    this.#look();
    this.#options.onOpen(pairs);
  }
}

function keyOf(family: Family, baseChain: string): string {
  return `${family} ${baseChain}`;
}
