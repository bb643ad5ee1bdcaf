/**
 * Measures one host, in a process of its own so that nothing of another host is in its figures. Takes one request
 * from its parent, answers once, ends. Promise: it ends with its parent.
 */
import { readFileSync } from 'node:fs';
import { createBroker, EmbeddedBroker, parseBrokerUrl } from '@vedette/broker';
import { silentLogger, type MonitorSpec, type StartData } from '@vedette/contract';
import { Supervisor, type WorkerHandle } from '@vedette/supervisor';
import type { HostWord } from '../host-words.js';
import { createHost, poolFactory } from '../hosts.js';
import { cpuMsOfTree, readTree } from '../process-tree.js';
import type { HostFigures } from './figures.js';
import { seen, settled } from './waits.js';

export interface ChildRequest {
  readonly host: HostWord;
  /** A broker URL or `embedded`. */
  readonly broker: string;
  readonly specs: readonly MonitorSpec[];
  readonly budgetMs: number;
}
export type ChildWord = { readonly type: 'progress'; readonly text: string } | ChildAnswer;
export type ChildAnswer =
  | { readonly type: 'figures'; readonly figures: HostFigures }
  | { readonly type: 'problem'; readonly problem: string };

/** Parts of the budget by which a phase must be over; the rest is for the stop. */
const ENDS = { up: 0.5, recovered: 0.9 } as const;
/** The garbage of the start is collected and given back in part; V8 would take longer for the rest. */
const SETTLE_MS = 2_000;
/** Enough to have each thread of a pool at work. */
const POOL_FIRST = 2;
const PASSES = 2;
const KILLS = 3;
const STOP_MS = 1_500;

process.once('disconnect', () => process.exit());
process.once('message', (request: ChildRequest) => {
  measure(request).then(
    (figures) => {
      finish({ type: 'figures', figures });
    },
    (error: unknown) => {
      finish({ type: 'problem', problem: error instanceof Error ? error.message : String(error) });
    },
  );
});

async function measure({ host, broker, specs, budgetMs }: ChildRequest): Promise<HostFigures> {
  const began = performance.now();
  const leftMs = (share: number): number => Math.max(1, began + budgetMs * share - performance.now());
  const handles = new Map<string, WorkerHandle>();
  const supervisor = await supervisorFor(host, broker, (id, handle) => handles.set(id, handle));
  let failedRounds = 0;
  supervisor.on('monitor.round-ended', ({ round }) => {
    if (round.outcome !== 'ok') failedRounds += 1;
  });
  // Threads that all monitors of a pool share are no one monitor's: they are part of the base.
  const first = host === 'pool' && specs.length > 2 * POOL_FIRST ? specs.slice(0, POOL_FIRST) : [];
  const rest = specs.slice(first.length);
  if (first.length > 0) {
    const firstUp = seen(supervisor, 'monitor.round-ended', first, () => true, leftMs(ENDS.up) / 2);
    supervisor.apply(first);
    await firstUp;
    await settled(SETTLE_MS);
  }
  const before = readTree(process.pid);
  const mappingsBefore = mappings();
  progress(`starting ${specs.length} monitors`);
  const up = seen(
    supervisor,
    'monitor.state-changed',
    rest,
    ({ to }) => to.state === 'running',
    leftMs(ENDS.up),
  );
  const firstRounds = seen(supervisor, 'monitor.round-ended', rest, () => true, leftMs(ENDS.up));
  const startedAt = performance.now();
  supervisor.apply(specs);
  try {
    const startMs = (await up) - startedAt;
    // A source that does not answer holds its round up, which is no reason to measure nothing.
    const haveRounds = await firstRounds.then(
      () => true,
      () => false,
    );
    if (broker !== 'embedded') requireLinks(supervisor);
    progress('reading memory');
    global.gc?.();
    await settled(SETTLE_MS);
    const after = readTree(process.pid);
    const each = (name: 'pssMb' | 'rssMb'): number => (after[name] - before[name]) / rest.length;
    const memory = { memoryMb: each('pssMb'), rssMb: each('rssMb') };
    // Those of a pool do not grow with its monitors.
    const mappingsEach = host === 'pool' ? 0 : (mappings() - mappingsBefore) / rest.length;
    progress('running rounds');
    const roundCpuMs = haveRounds ? await cpuOfRounds(supervisor, specs, () => leftMs(ENDS.recovered)) : null;
    progress('killing workers');
    const recoverMs = await recovery(supervisor, handles, specs, () => leftMs(ENDS.recovered));
    const found = { ...memory, baseMb: before.pssMb, startMs, roundCpuMs, recoverMs, mappings: mappingsEach };
    return { host, monitors: specs.length, ...found, failedRounds };
  } finally {
    up.catch(() => undefined);
    firstRounds.catch(() => undefined);
    await supervisor.stop({ deadlineMs: STOP_MS });
  }
}

async function supervisorFor(
  word: HostWord,
  url: string,
  onSpawn: (id: string, handle: WorkerHandle) => void,
): Promise<Supervisor> {
  const address = parseBrokerUrl(url);
  const host = word === 'pool' ? (await poolFactory())(null) : createHost(word, process.env, silentLogger);
  // Workers reach a server by themselves.
  const embedded = address.type === 'embedded' ? createBroker(address, { name: 'vedette bench' }) : null;
  return new Supervisor({
    host: {
      spawn(start: StartData) {
        const handle = host.spawn(start);
        onSpawn(start.spec.id, handle);
        return handle;
      },
    },
    broker: address,
    logLevel: 'error',
    ...(embedded instanceof EmbeddedBroker ? { handleBroker: (request) => embedded.handle(request) } : {}),
  });
}

/** Rounds go on without a broker, and would be taken for those that reach one. */
function requireLinks(supervisor: Supervisor): void {
  const all = supervisor.snapshot();
  const unlinked = all.filter(({ link }) => link !== 'connected').length;
  if (unlinked > 0) throw new Error(`the broker was not reached by ${unlinked} of ${all.length} monitors`);
}

/** One more round of each, one after another as a schedule would spread them. */
async function cpuOfRounds(
  supervisor: Supervisor,
  specs: readonly MonitorSpec[],
  leftMs: () => number,
): Promise<number | null> {
  const cpuBefore = cpuMsOfTree(process.pid);
  let rounds = 0;
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const spec of specs) {
      const ended = seen(supervisor, 'monitor.round-ended', [spec], () => true, leftMs());
      if (!supervisor.runRound(spec.id)) {
        ended.catch(() => undefined);
        continue;
      }
      if (
        await ended.then(
          () => false,
          () => true,
        )
      )
        break;
      rounds += 1;
    }
  }
  return rounds === 0 ? null : (cpuMsOfTree(process.pid) - cpuBefore) / rounds;
}

/** Each time another worker, so that each is a first restart. */
async function recovery(
  supervisor: Supervisor,
  handles: ReadonlyMap<string, WorkerHandle>,
  specs: readonly MonitorSpec[],
  leftMs: () => number,
): Promise<number | null> {
  const times: number[] = [];
  for (const spec of specs.slice(0, KILLS)) {
    const again = seen(
      supervisor,
      'monitor.state-changed',
      [spec],
      ({ to }) => to.state === 'running',
      leftMs(),
    );
    const killedAt = performance.now();
    await handles.get(spec.id)?.kill();
    const at = await again.catch(() => null);
    if (at === null) break;
    times.push(at - killedAt);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? null;
}

/** Of this process: one a line. */
function mappings(): number {
  return readFileSync('/proc/self/maps', 'utf8').split('\n').length;
}

function progress(text: string): void {
  process.send?.({ type: 'progress', text } satisfies ChildWord);
}

/** What it hosted is stopped; a thread that cannot be does not keep this process. */
function finish(word: ChildAnswer): void {
  process.send?.(word, undefined, undefined, () => process.kill(process.pid, 'SIGKILL'));
}
