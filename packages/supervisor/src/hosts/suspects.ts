/**
 * Which monitors may share a thread, by what befell the threads they were in. Promise: one that harms its
 * neighbours harms them once, and one that was only near has to move at most once more before it is safe.
 */
import type { MonitorSpec } from '@vedette/contract';

export interface SuspectsOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** A suspect is alone for so long; after that it may share again. Default 600,000 ms. */
  readonly probationMs?: number;
}

interface Mark {
  /** New settings, new chance. */
  readonly revision: string;
  readonly aloneUntil: number;
  /** When it last was in a thread that another one took down. */
  readonly witnessAt: number;
  /** When it lately kept a thread from its others. */
  readonly blockedAt: readonly number[];
}

type Subject = Pick<MonitorSpec, 'id' | 'revision'>;

/** Beyond any fleet of one host; what is remembered must not grow for ever. */
const MOST_MARKS = 20_000;
const PROBATION_MS = 600_000;
/** So many long blocks ... */
const MANY_BLOCKS = 3;
/** ... within this, and it needs a thread of its own. */
const BLOCKS_WITHIN_MS = 60_000;

export class Suspects {
  readonly #now: () => number;
  readonly #probationMs: number;
  readonly #marks = new Map<string, Mark>();

  constructor({ now, probationMs = PROBATION_MS }: SuspectsOptions) {
    this.#now = now;
    this.#probationMs = probationMs;
  }

  mustBeAlone(subject: Subject): boolean {
    return this.#now() < this.#of(subject).aloneUntil;
  }

  /** It may have harmed the thread it shared: the next time it is alone, so that it shows. */
  suspect(subject: Subject): void {
    this.#change(subject, ({ aloneUntil }) => ({
      aloneUntil: Math.max(aloneUntil, this.#now() + this.#probationMs),
    }));
  }

  /** It came to harm alone: it was it. */
  convict(subject: Subject): void {
    this.#change(subject, () => ({ aloneUntil: Infinity }));
  }

  /** Another one took its thread down. If that happens to it again soon, the blame was wrong. */
  witness(subject: Subject): void {
    const { witnessAt } = this.#of(subject);
    if (this.#now() - witnessAt < this.#probationMs) this.suspect(subject);
    else this.#change(subject, () => ({ witnessAt: this.#now() }));
  }

  /** It kept its thread for too long. Gives how often lately, and whether that is too often. */
  blocked(subject: Subject): { readonly times: number; readonly isTooOften: boolean } {
    const now = this.#now();
    const blockedAt = [...this.#of(subject).blockedAt, now].filter((at) => now - at < BLOCKS_WITHIN_MS);
    this.#change(subject, () => ({ blockedAt: blockedAt.slice(-MANY_BLOCKS) }));
    const isTooOften = blockedAt.length >= MANY_BLOCKS;
    if (isTooOften) this.suspect(subject);
    return { times: blockedAt.length, isTooOften };
  }

  #of({ id, revision }: Subject): Mark {
    const mark = this.#marks.get(id);
    if (mark?.revision === revision) return mark;
    return { revision, aloneUntil: -Infinity, witnessAt: -Infinity, blockedAt: [] };
  }

  #change(subject: Subject, change: (mark: Mark) => Partial<Mark>): void {
    const mark = this.#of(subject);
    this.#marks.set(subject.id, { ...mark, ...change(mark) });
    if (this.#marks.size > MOST_MARKS) this.#forget();
  }

  /** What says nothing any more, also of monitors that are long gone; then, if need be, the oldest. */
  #forget(): void {
    const now = this.#now();
    for (const [id, { aloneUntil, witnessAt, blockedAt }] of this.#marks) {
      const lastAt = Math.max(
        witnessAt + this.#probationMs,
        (blockedAt.at(-1) ?? -Infinity) + BLOCKS_WITHIN_MS,
      );
      if (Math.max(aloneUntil, lastAt) <= now) this.#marks.delete(id);
    }
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > MOST_MARKS && oldest !== undefined) this.#marks.delete(oldest);
  }
}
