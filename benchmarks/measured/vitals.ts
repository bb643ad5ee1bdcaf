/**
 * How much of the main thread's time the watch over `n` beating monitors takes. The beats are written by one
 * other thread into the very slots the supervisor made; windows of one length with nothing else to do.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import {
  DEFAULT_LIMITS,
  VitalsReader,
  withRevision,
  type MonitorSpec,
  type StartData,
} from '@vedette/contract';
import { Supervisor } from '@vedette/supervisor';
import { removeAll } from '../lib/fleet.js';
import { brokerAddress } from '../lib/probe-spec.js';
import { InstantHost } from '../lib/instant-host.js';
import { serve } from '../lib/serve.js';
import { pause, until } from '../lib/until.js';

export interface VitalsArgs {
  readonly n: number;
  /** When the supervisor expects a beat. */
  readonly beatMs: number;
  readonly windowMs: number;
  readonly windows: number;
  readonly beatWriter: string;
}
/** Percent of one core, one figure per window. */
export interface Share {
  /** Event loop utilisation. */
  readonly loop: number[];
  /** Time on a processor, as the kernel counts it for this thread. */
  readonly cpu: number[];
}
export interface VitalsResult {
  readonly idle: Share;
  /** One timer that reads one counter per monitor at each beat and does nothing else. */
  readonly counters: Share;
  readonly watched: Share;
  /** Words of trouble the watch must not have said. */
  readonly hung: number;
}

const SETTLE_MS = 1_000;
/** Ten beats a second, whatever is due. */
const WRITTEN_EVERY_MS = 100;

serve(async (args: VitalsArgs, progress): Promise<VitalsResult> => {
  const { n, beatMs, beatWriter } = args;
  const writer = new Worker(beatWriter, { execArgv: [], workerData: { everyMs: WRITTEN_EVERY_MS } });
  const starts: StartData[] = [];
  const host = new InstantHost((start) => {
    starts.push(start);
    const { vitals, slot } = start;
    writer.postMessage({ vitals, slot });
  });
  const supervisor = new Supervisor({
    host,
    broker: brokerAddress('amqp://127.0.0.1'),
    maxConcurrentStarts: Infinity,
    startsPerSecond: Infinity,
    beatMs,
  });
  let hung = 0;
  supervisor.on('monitor.hung', () => (hung += 1));
  const share = async (what: string): Promise<Share> => {
    progress(`vitals: ${what}, ${args.windows} windows of ${args.windowMs} ms`);
    await pause(SETTLE_MS);
    return measure(args);
  };
  const idle = await share('idle');
  const up = until(supervisor, ['monitor.state-changed'], () => starts.length === n, 'all slots');
  supervisor.apply(Array.from({ length: n }, (_none, index) => specOf(index)));
  await up;
  const watched = await share(`${n} monitors, a beat due each ${beatMs} ms`);
  await removeAll(supervisor);
  const readers = starts.map(({ vitals, slot }) => new VitalsReader(vitals, slot));
  let sum = 0;
  const timer = setInterval(() => {
    for (const reader of readers) sum += reader.beats();
  }, WRITTEN_EVERY_MS);
  const counters = await share('plain counters');
  clearInterval(timer);
  await writer.terminate();
  if (sum <= 0) throw new Error('nobody wrote a beat');
  return { idle, counters, watched, hung };
});

async function measure({ windows, windowMs }: VitalsArgs): Promise<Share> {
  const share: Share = { loop: [], cpu: [] };
  global.gc?.();
  for (let window = 0; window < windows; window += 1) {
    const [loop, cpu, at] = [performance.eventLoopUtilization(), mainThreadMs(), performance.now()];
    await pause(windowMs);
    share.cpu.push((100 * (mainThreadMs() - cpu)) / (performance.now() - at));
    share.loop.push(100 * performance.eventLoopUtilization(loop).utilization);
  }
  return share;
}

/** The main thread's id is the process id. */
function mainThreadMs(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

function specOf(index: number): MonitorSpec {
  const id = `slot-${index}`;
  return withRevision({
    id: `bench:${id}`,
    kind: 'bench',
    name: id,
    componentName: `Bench monitor (${id})`,
    origin: { family: 'node', configId: id, parentId: 'bench', baseChain: 'general', subChain: 'general' },
    module: 'file:///unused.cjs',
    periodMs: 3_600_000,
    limits: DEFAULT_LIMITS,
    settings: {},
  });
}
