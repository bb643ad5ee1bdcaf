/**
 * What was done to monitors, in order: a bounded memory from which it can be proved that no id ever had two
 * live workers. Promise: it never grows past its size, and what falls out of it is checked as it goes, so the
 * proof covers the whole life of the supervisor and not only what is still remembered.
 *
 * A few entries per run of a worker, none per beat or round.
 */

/** One step of the life of a run. */
export type Action =
  /** Leave to start was asked for; a wish withdrawn meanwhile leaves it without a spawn. */
  | 'start-asked'
  /** Written before the host is called, so that a worker cannot be older than its entry. */
  | 'spawned'
  | 'ready'
  | 'stop-asked'
  /** The kill is asked for; `ended` follows when the worker is really gone. */
  | 'killed'
  /** It could not be ended by its deadline and still counts as alive. */
  | 'abandoned'
  /** Written when the host says that the worker is gone. */
  | 'ended';

/** One thing done to one monitor. */
export interface JournalEntry {
  /** Counts all entries of this supervisor from 1, without gaps. */
  readonly serial: number;
  readonly id: string;
  /** Which run of the supervisor's, over all ids: goes up with each spawn and never comes again. Null before. */
  readonly generation: number | null;
  /** Which run of this monitor; starts again when its id was removed and came back. */
  readonly attempt: number;
  readonly action: Action;
  /** Wall clock, epoch milliseconds. */
  readonly at: number;
}

/** An entry that must not be there. */
export interface JournalProblem {
  readonly serial: number;
  readonly id: string;
  readonly reason:
    | 'spawned while an earlier run is alive'
    | 'generation does not go up'
    | 'said of a run that is not alive'
    | 'serial numbers have a gap';
}

/** The workers of a moment: generation by id. */
export type AliveRuns = ReadonlyMap<string, number>;

/** What is remembered of what was done, and what was found wrong in what is not. */
export interface JournalView {
  readonly entries: readonly JournalEntry[];
  /** Older entries that were forgotten. */
  readonly forgotten: number;
  /** Who was alive after the last forgotten entry, and its highest generation. */
  readonly aliveBefore: AliveRuns;
  readonly generationBefore: number;
  /** What was wrong with forgotten entries; the first few. */
  readonly problemsBefore: readonly JournalProblem[];
}

const DEFAULT_SIZE = 4_096;
const PROBLEMS_KEPT = 16;

/** Follows entries one by one. The only place that knows what a sound journal is. */
class Follower {
  readonly alive: Map<string, number>;
  generation: number;
  #serial: number;

  constructor(alive: AliveRuns, generation: number, serial: number) {
    this.alive = new Map(alive);
    this.generation = generation;
    this.#serial = serial;
  }

  /** Null if the entry may follow what was seen so far. */
  take(entry: JournalEntry): JournalProblem | null {
    const { serial, id, action, generation } = entry;
    const hasGap = serial !== this.#serial + 1;
    this.#serial = serial;
    const reason = action === 'start-asked' ? null : this.#judge(id, action, generation ?? 0);
    if (reason !== null) return { serial, id, reason };
    return hasGap ? { serial, id, reason: 'serial numbers have a gap' } : null;
  }

  #judge(id: string, action: Action, generation: number): JournalProblem['reason'] | null {
    if (action !== 'spawned') {
      if (this.alive.get(id) !== generation) return 'said of a run that is not alive';
      if (action === 'ended') this.alive.delete(id);
      return null;
    }
    const isSecond = this.alive.has(id);
    const isOld = generation <= this.generation;
    this.alive.set(id, generation);
    this.generation = Math.max(this.generation, generation);
    if (isSecond) return 'spawned while an earlier run is alive';
    return isOld ? 'generation does not go up' : null;
  }
}

/**
 * Everything that contradicts "at most one live worker per id". Pure. Empty: it held from the first entry ever
 * written to the last of this view.
 */
export function journalProblems(view: JournalView): readonly JournalProblem[] {
  const follower = new Follower(view.aliveBefore, view.generationBefore, view.forgotten);
  const found = view.entries.flatMap((entry) => follower.take(entry) ?? []);
  return [...view.problemsBefore, ...found];
}

export class Journal {
  readonly #size: number;
  readonly #now: () => number;
  /** A ring: `#next` is the place of the oldest entry once it is full. */
  readonly #ring: JournalEntry[] = [];
  readonly #before = new Follower(new Map(), 0, 0);
  readonly #problemsBefore: JournalProblem[] = [];
  #next = 0;
  #serial = 0;
  #generation = 0;

  constructor(now: () => number, size: number = DEFAULT_SIZE) {
    this.#now = now;
    this.#size = size;
  }

  startAsked(id: string, attempt: number): void {
    this.#write(id, null, attempt, 'start-asked');
  }

  /** A run begins. Returns how to note what becomes of it. */
  spawned(id: string, attempt: number): (action: Exclude<Action, 'start-asked' | 'spawned'>) => void {
    this.#generation += 1;
    const generation = this.#generation;
    this.#write(id, generation, attempt, 'spawned');
    return (action) => {
      this.#write(id, generation, attempt, action);
    };
  }

  /** A copy, oldest entry first. */
  view(): JournalView {
    return {
      entries: [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)],
      forgotten: this.#serial - this.#ring.length,
      aliveBefore: new Map(this.#before.alive),
      generationBefore: this.#before.generation,
      problemsBefore: [...this.#problemsBefore],
    };
  }

  #write(id: string, generation: number | null, attempt: number, action: Action): void {
    this.#serial += 1;
    const entry = { serial: this.#serial, id, generation, attempt, action, at: this.#now() };
    if (this.#ring.length < this.#size) {
      this.#ring.push(entry);
      return;
    }
    const problem = this.#before.take(this.#ring[this.#next] as JournalEntry);
    if (problem !== null && this.#problemsBefore.length < PROBLEMS_KEPT) this.#problemsBefore.push(problem);
    this.#ring[this.#next] = entry;
    this.#next = (this.#next + 1) % this.#size;
  }
}
