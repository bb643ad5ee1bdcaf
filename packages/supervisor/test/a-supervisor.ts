/** A supervisor on a fake host and a fake clock, with everything it tells written down. */
import { Supervisor, type SupervisorOptions } from '../src/supervisor.js';
import { FakeClock, settlePromises } from '../../../test/support/fake-clock.js';
import { FakeHost } from './fake-host.js';

export const BROKER = { type: 'embedded', confirmTimeoutMs: 1_000 } as const;

export function aSupervisor(options: Partial<SupervisorOptions> = {}) {
  const clock = new FakeClock(settlePromises);
  const host = new FakeHost();
  const supervisor = new Supervisor({
    host,
    broker: BROKER,
    clock,
    random: () => 0,
    startsPerSecond: Infinity,
    onIllegalMove: (error) => {
      throw error;
    },
    ...options,
  });
  /** `id: from > to (cause)` */
  const moves: string[] = [];
  const health: string[] = [];
  supervisor.on('monitor.state-changed', ({ id, from, to, cause }) => {
    moves.push(`${id}: ${from} > ${to.state}${cause === null ? '' : ` (${cause})`}`);
  });
  supervisor.on('monitor.health-changed', ({ from, to }) => {
    health.push(`${from} > ${to}`);
  });
  return { clock, host, supervisor, moves, health };
}

/** The worker beats on time for `ms`. */
export async function beatFor(clock: FakeClock, host: FakeHost, ms: number, id?: string): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    for (const worker of host.alive(id)) worker.vitals.beat();
    await clock.advance(Math.min(500, ms - passed));
  }
}
