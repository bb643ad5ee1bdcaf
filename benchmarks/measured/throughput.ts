/**
 * Rounds per second that two threads of the pool can do, all monitors always due; and the same rounds as tasks
 * of piscina alone. Windows of one length after a warm-up; processor time is that of the whole process.
 */
import { performance } from 'node:perf_hooks';
import { Piscina } from 'piscina';
import { DEFAULT_LIMITS, withRevision, type StartData } from '@vedette/contract';
import { PoolHost } from '@vedette/supervisor/pool';
import { startDataOf } from '../lib/fleet.js';
import { serve } from '../lib/serve.js';
import { pause } from '../lib/until.js';

export interface ThroughputArgs {
  /** `raw` and `raw-publishing` are piscina alone. */
  readonly what: 'kept' | 'per-round' | 'raw' | 'raw-publishing';
  readonly monitors: number;
  readonly threads: number;
  readonly windowMs: number;
  readonly windows: number;
  readonly amqpUrl: string;
  readonly trivialMonitor: string;
  readonly rawRound: string;
}

/** One figure per window. */
export interface ThroughputResult {
  readonly perSecond: number[];
  /** Processor time of 1,000 rounds, ms. */
  readonly cpuMs: number[];
  /** Rounds whose messages the broker did not take. */
  readonly failed: number;
}

const WARM_UP_MS = 3_000;
/** Longer ago than any tick: whoever has ended a round is due again. */
const ALWAYS_MS = 1;

interface Running {
  readonly rounds: () => number;
  readonly failed: () => number;
  end(): Promise<void>;
}

serve(async (args: ThroughputArgs, progress): Promise<ThroughputResult> => {
  const isRaw = args.what === 'raw' || args.what === 'raw-publishing';
  const running = isRaw ? startRaw(args) : startPool(args);
  progress(`throughput: ${args.what}, ${args.windows} windows of ${args.windowMs} ms`);
  await pause(WARM_UP_MS);
  const perSecond: number[] = [];
  const cpuMs: number[] = [];
  for (let window = 0; window < args.windows; window += 1) {
    const [before, at, cpu] = [running.rounds(), performance.now(), process.cpuUsage()];
    await pause(args.windowMs);
    const rounds = running.rounds() - before;
    const { user, system } = process.cpuUsage(cpu);
    perSecond.push((1_000 * rounds) / (performance.now() - at));
    cpuMs.push((user + system) / Math.max(1, rounds));
  }
  const failed = running.failed();
  await running.end();
  return { perSecond, cpuMs, failed };
});

function startPool({ what, monitors, threads, amqpUrl, trivialMonitor }: ThroughputArgs): Running {
  const entry = new URL(import.meta.resolve('@vedette/monitor/pool-entry'));
  const connection = what === 'per-round' ? 'per-round' : 'kept';
  const host = new PoolHost({ entry, threads, connection });
  let rounds = 0;
  let failed = 0;
  for (let index = 0; index < monitors; index += 1) {
    host.spawn(startOf(index, amqpUrl, trivialMonitor)).onMessage((message) => {
      if (message.type !== 'round-ended') return;
      rounds += 1;
      if (message.outcome !== 'ok' || message.error !== null) failed += 1;
    });
  }
  return {
    rounds: () => rounds,
    failed: () => failed,
    end: () => {
      host.close();
      return Promise.resolve();
    },
  };
}

/** As many rounds under way as the pool has monitors, each followed by the next with its state. */
function startRaw({ what, monitors, threads, amqpUrl, rawRound }: ThroughputArgs): Running {
  const pool = new Piscina({
    filename: rawRound,
    minThreads: threads,
    maxThreads: threads,
    atomics: 'disabled',
    concurrentTasksPerWorker: Math.ceil(monitors / threads),
    recordTiming: false,
    execArgv: [],
  });
  const name = what === 'raw' ? 'bare' : 'publishing';
  let rounds = 0;
  let isOver = false;
  const always = async (index: number): Promise<void> => {
    let state: unknown = null;
    while (!isOver) {
      state = await pool.run({ state, name: `Bench ${index}`, url: amqpUrl }, { name });
      rounds += 1;
    }
  };
  const all = Array.from({ length: monitors }, (_none, index) => always(index));
  return {
    rounds: () => rounds,
    failed: () => 0,
    async end() {
      isOver = true;
      await Promise.all(all);
      await pool.destroy();
    },
  };
}

function startOf(index: number, amqpUrl: string, module: string): StartData {
  const id = `bench:${index}`;
  const spec = withRevision({
    id,
    kind: 'bench',
    name: id,
    componentName: `Bench ${index}`,
    origin: { family: 'node', configId: id, parentId: 'bench', baseChain: 'general', subChain: 'general' },
    module,
    periodMs: ALWAYS_MS,
    limits: DEFAULT_LIMITS,
    settings: {},
  });
  return startDataOf({ amqpUrl }, spec);
}
