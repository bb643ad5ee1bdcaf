/** The hundred that must not notice: what they were before a fault, compared with what they are after it. */
import { expect } from 'chai';
import type { MonitorStatus, Supervisor } from '@vedette/supervisor';
import { eventually } from '../../support/eventually.js';

export const NEIGHBOURS = 100;
const PREFIX = 'neighbour-';

export const neighbourIds = (): readonly string[] =>
  Array.from({ length: NEIGHBOURS }, (_, index) => `${PREFIX}${String(index).padStart(3, '0')}`);

export const isNeighbour = (id: string): boolean => id.includes(PREFIX);

type Snapshot = ReadonlyMap<string, Pick<MonitorStatus, 'attempt' | 'lastRound'>>;

const neighboursOf = (supervisor: Supervisor): MonitorStatus[] =>
  supervisor.snapshot().filter(({ id }) => isNeighbour(id));

/** All hundred have ended a good round. */
export async function areWell(supervisor: Supervisor, deadlineMs = 60_000): Promise<void> {
  await eventually(
    () => {
      const well = neighboursOf(supervisor).filter(
        ({ state, health }) => state.state === 'running' && health === 'healthy',
      );
      return well.length === NEIGHBOURS;
    },
    { deadlineMs, everyMs: 50, what: `${NEIGHBOURS} healthy neighbours` },
  );
}

export class Watchman {
  readonly #supervisor: Supervisor;
  #before: Snapshot = new Map();

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  /** Call before the fault. */
  async begin(): Promise<void> {
    await areWell(this.#supervisor);
    this.#before = new Map(neighboursOf(this.#supervisor).map((status) => [status.id, status]));
  }

  /** No neighbour was started anew, and each has ended a good round since this call. */
  async expectUnharmed(): Promise<void> {
    const since = Date.now();
    await eventually(
      () =>
        neighboursOf(this.#supervisor).filter(
          ({ lastRound }) => lastRound?.outcome === 'ok' && lastRound.at >= since,
        ).length === NEIGHBOURS,
      { deadlineMs: 30_000, everyMs: 50, what: 'a new good round of each neighbour' },
    );
    const changed = neighboursOf(this.#supervisor).filter(
      ({ id, attempt }) => attempt !== this.#before.get(id)?.attempt,
    );
    expect(changed.map(({ id, lastError }) => [id, lastError?.message])).to.deep.equal([]);
    expect(this.#before.size).to.equal(NEIGHBOURS);
  }
}
