/**
 * Monitors that end or hang on command, among neighbours that must not notice. Time runs from the instant the
 * monitor's own code notes just before its fault; all processes of a machine share that clock.
 */
import { pathToFileURL } from 'node:url';
import {
  DEFAULT_LIMITS,
  VitalsReader,
  withRevision,
  type MonitorSpec,
  type StartData,
} from '@vedette/contract';
import type { Host, LinkChanged, Logged, StateChanged, Supervisor, WorkerHandle } from '@vedette/supervisor';
import { removeAll, startDataOf, supervisorOf, threadHost, type Surroundings } from '../lib/fleet.js';
import { hostNamed, hostOf } from '../lib/hosts.js';
import { BareProcessHost } from '../lib/bare-process-host.js';
import { FLOORS, type Floor } from '../lib/kinds.js';
import { nowMs } from '../lib/clock.js';
import { serve } from '../lib/serve.js';
import { pause, until } from '../lib/until.js';

export const FAULTS = ['exit', 'throw', 'loop'] as const;
export type Fault = (typeof FAULTS)[number];

export interface RecoverArgs extends Surroundings {
  /** A name of `hosts.ts`. */
  readonly host: string;
  readonly neighbours: number;
  readonly samples: Record<Fault, number>;
}
export interface RecoverResult {
  /** Fault to `running`, and to a live link. */
  readonly running: Record<Fault, number[]>;
  readonly connected: Record<Fault, number[]>;
  /** Bare threads: fault to `ready` of the next, spawned by the exit event alone. */
  readonly floors: Record<Floor, Record<'exit' | 'throw', number[]>>;
  /** Longest time between two beats of any neighbour, per fault. */
  readonly gaps: Record<Fault, number>;
}

/** Rounds come on command only. */
const PERIOD_MS = 3_600_000;
const LOOK_MS = 20;
const BETWEEN_MS = 60;

serve(async (args: RecoverArgs, progress): Promise<RecoverResult> => {
  const readers = new Map<string, VitalsReader>();
  const host = await hostOf(args.host);
  const supervisor = supervisorOf('evm-node', args, () => ({
    spawn(start) {
      readers.set(start.spec.id, new VitalsReader(start.vitals, start.slot));
      return host.spawn(start);
    },
  }));
  const specOf = (id: string, fault: Fault | 'none'): MonitorSpec => monitorSpec(args, id, fault);
  const neighbours = Array.from({ length: args.neighbours }, (_none, index) =>
    specOf(`neighbour-${index}`, 'none'),
  );
  await startAll(supervisor, neighbours);
  const running: Record<Fault, number[]> = { exit: [], throw: [], loop: [] };
  const connected: Record<Fault, number[]> = { exit: [], throw: [], loop: [] };
  const gaps: Record<Fault, number> = { exit: 0, throw: 0, loop: 0 };
  const floors: RecoverResult['floors'] = { empty: { exit: [], throw: [] }, amqp: { exit: [], throw: [] } };
  for (const fault of FAULTS) {
    // Where neighbours share a thread with the fault their runs end too, and the next has vitals of its own.
    const watch = watchGaps(
      neighbours.map(
        ({ id }) =>
          () =>
            readers.get(id) as VitalsReader,
      ),
    );
    for (let sample = 0; sample < args.samples[fault]; sample += 1) {
      progress(`recover: ${fault} ${sample + 1} of ${args.samples[fault]} on ${args.host}`);
      const spec = specOf(`${fault}-${sample}`, fault);
      const times = await recoverOnce(supervisor, neighbours, spec);
      running[fault].push(times.running);
      connected[fault].push(times.connected);
      if (fault !== 'loop') {
        for (const floor of FLOORS) floors[floor][fault].push(await bareRestart(floor, args, spec));
      }
      await pause(BETWEEN_MS);
    }
    gaps[fault] = watch.stop();
  }
  await removeAll(supervisor);
  return { running, connected, floors, gaps };
});

function monitorSpec({ files }: Surroundings, id: string, fault: Fault | 'none'): MonitorSpec {
  return withRevision({
    id: `bench:${id}`,
    kind: 'bench',
    name: id,
    componentName: `Bench monitor (${id})`,
    origin: { family: 'node', configId: id, parentId: 'bench', baseChain: 'general', subChain: 'general' },
    module: pathToFileURL(files.faultyMonitor).href,
    periodMs: PERIOD_MS,
    limits: DEFAULT_LIMITS,
    settings: { fault },
  });
}

/** Running, linked, and with the first round behind them. */
async function startAll(
  supervisor: Supervisor,
  specs: readonly MonitorSpec[],
  also: readonly MonitorSpec[] = [],
) {
  const missing = new Set(specs.map(({ id }) => id));
  const up = until(
    supervisor,
    ['message.published'],
    (_name, { id, outcome }: { id: string; outcome: string }) => {
      if (outcome === 'confirmed') missing.delete(id);
      return missing.size === 0;
    },
    'the first data of all',
  );
  supervisor.apply([...specs, ...also]);
  await up;
}

async function recoverOnce(
  supervisor: Supervisor,
  neighbours: readonly MonitorSpec[],
  spec: MonitorSpec,
): Promise<{ running: number; connected: number }> {
  await startAll(supervisor, [spec], neighbours);
  let faultAt = NaN;
  let runningAt = NaN;
  let connectedAt = NaN;
  const recovered = until(
    supervisor,
    ['monitor.logged', 'monitor.state-changed', 'monitor.link-changed'],
    (name, event: Logged & StateChanged & LinkChanged) => {
      if (event.id !== spec.id) return false;
      if (name === 'monitor.logged' && event.sentence === 'fault') faultAt = Number(event.fields['at']) / 1e6;
      if (event.attempt === 1) return false;
      if (name === 'monitor.state-changed' && event.to.state === 'running') runningAt = nowMs();
      if (name === 'monitor.link-changed' && event.link === 'connected') connectedAt = nowMs();
      return !Number.isNaN(runningAt + connectedAt);
    },
    `the recovery of ${spec.id}`,
  );
  supervisor.runRound(spec.id);
  await recovered;
  const gone = until(
    supervisor,
    ['monitor.removed'],
    (_name, { id }: { id: string }) => id === spec.id,
    'its removal',
  );
  supervisor.apply(neighbours);
  await gone;
  if (Number.isNaN(faultAt)) throw new Error(`${spec.id} did not tell when it failed`);
  return { running: runningAt - faultAt, connected: connectedAt - faultAt };
}

/** A new thread as soon as the old one has ended, with no supervisor in between. */
async function bareRestart(floor: Floor, args: RecoverArgs, spec: MonitorSpec): Promise<number> {
  const host = bareHost(floor, args);
  const start: StartData = { ...startDataOf(args, spec), echo: true };
  const first = await readyWorker(host, start);
  let faultAt = NaN;
  first.onMessage((message) => {
    if (message.type === 'log') faultAt = Number(message.fields['at']) / 1e6;
  });
  first.send({ type: 'round' });
  await first.exited;
  const second = await readyWorker(host, start);
  const ms = nowMs() - faultAt;
  second.send({ type: 'stop' });
  await second.exited;
  return ms;
}

/** A bare process where the host forks one per monitor, a bare thread elsewhere. */
function bareHost(floor: Floor, { host, files }: RecoverArgs): Host {
  if (hostNamed(host).floor !== 'bare processes') return threadHost(floor, files);
  return new BareProcessHost(floor === 'amqp' ? files.amqpProcess : files.emptyProcess);
}

function readyWorker(host: Host, start: StartData): Promise<WorkerHandle> {
  const handle = host.spawn(start);
  return new Promise((resolve, reject) => {
    handle.onMessage((message) => {
      if (message.type === 'ready') resolve(handle);
    });
    void handle.exited.then(() => {
      reject(new Error('a floor worker ended before it was ready'));
    });
  });
}

/** A look every 20 ms: a gap reads at most that much too long. */
function watchGaps(readers: readonly (() => VitalsReader)[]): { stop: () => number } {
  let worst = 0;
  const last = readers.map((reader) => ({ reader: reader(), beats: reader().beats(), at: nowMs() }));
  const timer = setInterval(() => {
    const now = nowMs();
    for (const [index, reader] of readers.entries()) {
      const known = last[index] as (typeof last)[number];
      const current = reader();
      const beats = current.beats();
      // A run that has not beaten yet is part of the gap.
      if (current === known.reader ? beats === known.beats : beats === 0) continue;
      worst = Math.max(worst, now - known.at);
      last[index] = { reader: current, beats, at: now };
    }
  }, LOOK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      // One that has not beaten since counts as well.
      return Math.max(worst, ...last.map(({ at }) => nowMs() - at));
    },
  };
}
