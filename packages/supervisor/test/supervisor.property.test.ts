/** Whatever happens in whatever order: no illegal move, never two workers of one id, and in the end what is wanted. */
import { expect } from 'chai';
import fc from 'fast-check';
import { serialiseError, VedetteError } from '@vedette/contract';
import { journalProblems } from '../src/journal.js';
import { aSpec } from './a-spec.js';
import { aSupervisor } from './a-supervisor.js';
import { settlePromises as settle, type FakeClock } from '../../../test/support/fake-clock.js';
import type { FakeHost, FakeWorker } from './fake-host.js';

const IDS = ['test:a', 'test:b', 'test:c'] as const;
const specOf = (id: string, version: number) =>
  aSpec({
    id,
    settings: { version },
    limits: { startTimeoutMs: 2_000, stopTimeoutMs: 400, roundTimeoutMs: 1_500 },
  });

type Step =
  | { type: 'apply'; versions: readonly number[] }
  | {
      type: 'pause' | 'resume' | 'restart' | 'ready' | 'beat' | 'begin-round' | 'end-round' | 'leak';
      id: number;
    }
  | { type: 'exit'; id: number; reason: 'exited' | 'crashed' | 'out-of-memory' }
  | { type: 'fail'; id: number; permanent: boolean }
  | { type: 'temper'; id: number; obeysStop: boolean; isKillable: boolean }
  | { type: 'advance'; ms: number }
  | { type: 'turn' };

const id = fc.nat({ max: IDS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  // Version 0 stands for: not wanted.
  fc.record({
    type: fc.constant('apply' as const),
    versions: fc.array(fc.nat({ max: 2 }), { minLength: IDS.length, maxLength: IDS.length }),
  }),
  fc.record({
    type: fc.constantFrom(
      'pause',
      'resume',
      'restart',
      'ready',
      'ready',
      'ready',
      'beat',
      'begin-round',
      'end-round',
      'leak',
    ),
    id,
  }),
  fc.record({
    type: fc.constant('exit' as const),
    id,
    reason: fc.constantFrom('exited', 'crashed', 'out-of-memory'),
  }),
  fc.record({ type: fc.constant('fail' as const), id, permanent: fc.boolean() }),
  fc.record({ type: fc.constant('temper' as const), id, obeysStop: fc.boolean(), isKillable: fc.boolean() }),
  fc.record({
    type: fc.constant('advance' as const),
    ms: fc.constantFrom(1, 50, 125, 500, 1_000, 2_500, 40_000),
  }),
  fc.constant({ type: 'turn' as const }),
);

async function perform(step: Step, parts: ReturnType<typeof aSupervisor>): Promise<void> {
  const { supervisor, host, clock } = parts;
  const worker = 'id' in step ? host.alive(IDS[step.id])[0] : undefined;
  switch (step.type) {
    case 'apply':
      supervisor.apply(
        IDS.flatMap((id, index) => (step.versions[index] ? [specOf(id, step.versions[index])] : [])),
      );
      return;
    case 'restart':
      supervisor.restart(IDS[step.id] ?? '');
      return;
    case 'pause':
      supervisor.pause(IDS[step.id] ?? '');
      return;
    case 'resume':
      supervisor.resume(IDS[step.id] ?? '');
      return;
    case 'advance':
      await clock.advance(step.ms);
      return;
    case 'turn':
      await settle();
      return;
    default:
      if (worker !== undefined) happen(step, worker);
  }
}

function happen(step: Exclude<Step, { type: 'apply' | 'advance' | 'turn' }>, worker: FakeWorker): void {
  switch (step.type) {
    case 'ready':
      worker.ready();
      return;
    case 'beat':
      worker.vitals.beat();
      return;
    case 'begin-round':
      worker.vitals.beginRound();
      return;
    case 'end-round':
      worker.vitals.endRound(1);
      worker.round();
      return;
    case 'leak':
      worker.vitals.memory(0, 2 ** 30);
      return;
    case 'exit':
      worker.exit({ reason: step.reason });
      return;
    case 'fail':
      worker.say({
        type: 'failed',
        error: serialiseError(new VedetteError('MONITOR_OPEN_FAILED', 'test')),
        permanent: step.permanent,
      });
      return;
    case 'temper':
      worker.obeysStop = step.obeysStop;
      worker.isKillable = step.isKillable;
      return;
    case 'pause':
    case 'resume':
    case 'restart':
      return;
  }
}

/** All workers behave from now on; time passes until nothing is left to do. */
async function calmDown(clock: FakeClock, host: FakeHost): Promise<void> {
  const behave = (worker: FakeWorker) => {
    if (!worker.isKillable) worker.exit({ reason: 'killed' });
    worker.obeysStop = worker.isKillable = true;
    worker.vitals.memory(0, 0);
    worker.ready();
  };
  host.onSpawn = (worker) => {
    queueMicrotask(() => {
      behave(worker);
    });
  };
  for (const worker of host.alive()) {
    if (worker.received.includes('stop') || worker.received.includes('kill' as 'stop')) worker.exit();
    else behave(worker);
  }
  for (let passed = 0; passed < 75_000; passed += 500) {
    for (const worker of host.alive()) worker.vitals.beat();
    await clock.advance(500);
  }
}

describe('Supervisor, whatever happens', () => {
  it('makes no illegal move, never has two workers of one id, and ends with what is wanted', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const illegal: string[] = [];
        const parts = aSupervisor({
          maxConcurrentStarts: 2,
          onIllegalMove: ({ message }) => illegal.push(message),
        });
        const { supervisor, host, clock } = parts;
        let wanted = new Map<string, number>();
        const paused = new Set<string>();
        for (const step of steps) {
          await perform(step, parts);
          if (step.type === 'resume') paused.delete(IDS[step.id] ?? '');
          if (step.type === 'pause' && (wanted.get(IDS[step.id] ?? '') ?? 0) > 0)
            paused.add(IDS[step.id] ?? '');
          expect(illegal).to.deep.equal([]);
          expect(host.mostAliveOfOneId).to.be.at.most(1);
          if (step.type === 'apply') {
            wanted = new Map(IDS.map((id, index) => [id, step.versions[index] ?? 0]));
            for (const [id, version] of wanted) if (version === 0) paused.delete(id);
          }
        }
        await calmDown(clock, host);
        expect(illegal).to.deep.equal([]);
        expect(host.mostAliveOfOneId).to.be.at.most(1);
        for (const id of IDS) {
          const version = wanted.get(id) ?? 0;
          const status = supervisor.status(id);
          const alive = host.alive(id).map(({ start }) => start.spec.settings['version']);
          if (version === 0) {
            expect(status).to.equal(undefined);
            expect(alive).to.deep.equal([]);
          } else if (paused.has(id)) {
            expect(status?.isPaused).to.equal(true);
            expect(status?.state.state).to.equal('stopped');
            expect(alive).to.deep.equal([]);
          } else if (status?.state.state === 'failed') {
            // Only what said that it cannot heal, with these very settings, may stay down.
            const said = steps.some((step) => step.type === 'fail' && step.permanent && IDS[step.id] === id);
            expect(said).to.equal(true);
            expect(alive).to.deep.equal([]);
          } else {
            expect(status?.state.state).to.equal('running');
            expect(alive).to.deep.equal([version]);
          }
        }
        const stopping = supervisor.stop();
        await clock.advance(6_000);
        expect((await stopping).forced).to.deep.equal([]);
        expect(journalProblems(supervisor.journal())).to.deep.equal([]);
        expect(host.alive()).to.deep.equal([]);
        expect(clock.pending).to.equal(0);
      }),
      { numRuns: 300 },
    );
  });
});
