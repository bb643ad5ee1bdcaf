/**
 * Scrapes of `/metrics` over loopback by a client in a thread of its own, so that the main loop only serves. The
 * manager, its supervisor and the server are real; workers are ready at once and have ended one round.
 */
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { EmbeddedBroker } from '@vedette/broker';
import {
  DEFAULT_LIMITS,
  withRevision,
  type Facts,
  type FromWorker,
  type MonitorSpec,
} from '@vedette/contract';
import { MonitorsManager, StrategyRegistry, type ConfigSource } from '@vedette/manager';
import { Operator } from '@vedette/operator';
import { Supervisor, type Host, type WorkerExit, type WorkerHandle } from '@vedette/supervisor';
import { serve } from '../lib/serve.js';
import { pause } from '../lib/until.js';

export interface MetricsArgs {
  readonly monitors: number;
  readonly facts: number;
  readonly samples: number;
}
export interface MetricsResult {
  /** Main-loop milliseconds of each scrape. */
  readonly loop: number[];
  /** Longest turn of the loop during each scrape, milliseconds. */
  readonly turn: number[];
  /** From the request to the last byte, milliseconds. */
  readonly scrape: number[];
  readonly bytes: number;
  readonly series: number;
}

/** Answers each message with what a scrape gave. */
const CLIENT = `
const { parentPort, workerData } = require('node:worker_threads');
const http = require('node:http');
parentPort.on('message', () => {
  const began = performance.now();
  http.get(workerData, { agent: false }, (answer) => {
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('end', () => {
      const ms = performance.now() - began;
      const text = Buffer.concat(parts).toString();
      parentPort.postMessage({ ms, bytes: text.length, series: text.split('\\n').filter((line) => line !== '' && line[0] !== '#').length });
    });
  });
});
`;

interface Scraped {
  readonly ms: number;
  readonly bytes: number;
  readonly series: number;
}

const NO_SOURCE: ConfigSource = {
  start: (sink) => {
    sink.reportIntake({ isReading: true, unsettled: 0 });
    return Promise.resolve();
  },
  stop: () => Promise.resolve(),
};

serve(async ({ monitors, facts, samples }: MetricsArgs, progress): Promise<MetricsResult> => {
  const observed = Object.fromEntries(
    Array.from({ length: facts }, (_none, index) => [`fact_${index}_seconds`, index + 0.125]),
  );
  const supervisor = new Supervisor({
    host: hostOf(observed),
    broker: { type: 'embedded', confirmTimeoutMs: 1_000 },
    maxConcurrentStarts: Infinity,
    startsPerSecond: Infinity,
    // The workers do not beat.
    beatMs: 3_600_000,
  });
  const manager = new MonitorsManager({
    broker: new EmbeddedBroker(),
    supervisor,
    registry: new StrategyRegistry(),
    source: NO_SOURCE,
    isStandAlone: true,
  });
  const operator = new Operator({ manager, listen: { host: '127.0.0.1', port: 0 } });
  const url = await operator.listen();
  await manager.start();
  manager.acceptSpecs(
    'file',
    Array.from({ length: monitors }, (_none, index) => specOf(index)),
  );
  while (manager.snapshot().some(({ lastRound }) => lastRound === null)) await pause(10);
  const client = new Worker(CLIENT, { eval: true, workerData: `${url}/metrics` });
  const scrape = (): Promise<Scraped> =>
    new Promise((resolve) => {
      client.once('message', resolve);
      client.postMessage(null);
    });
  const result = { loop: [] as number[], turn: [] as number[], scrape: [] as number[], bytes: 0, series: 0 };
  for (let sample = -3; sample < samples; sample += 1) {
    progress(
      `metrics: ${Math.max(sample, 0)} of ${samples} scrapes of ${monitors} monitors with ${facts} facts`,
    );
    const before = performance.eventLoopUtilization();
    const { ms, bytes, series } = await scrape();
    const { active } = performance.eventLoopUtilization(before);
    await pause(20);
    const longest = longestTurn();
    await scrape();
    const turnMs = longest();
    await pause(20);
    if (sample < 0) continue;
    result.loop.push(active);
    result.turn.push(turnMs);
    result.scrape.push(ms);
    Object.assign(result, { bytes, series });
  }
  await client.terminate();
  await manager.stop();
  await operator.close();
  return result;
});

/** Turns the loop without a rest; the call gives the longest turn so far, and ends it. */
function longestTurn(): () => number {
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    return longest;
  };
}

function specOf(index: number): MonitorSpec {
  const name = `node ${index}`;
  return withRevision({
    id: `bench-kind:${index}`,
    kind: 'bench-kind',
    name,
    componentName: `Node monitor (${name})`,
    origin: {
      family: 'node',
      configId: String(index),
      parentId: 'p',
      baseChain: 'general',
      subChain: `chain ${index % 20}`,
    },
    module: 'file:///nowhere.mjs',
    periodMs: 3_600_000,
    limits: DEFAULT_LIMITS,
    settings: {},
  });
}

function hostOf(facts: Facts): Host {
  return {
    spawn: (): WorkerHandle => {
      let resolve: (exit: WorkerExit) => void = () => undefined;
      let tell: (message: FromWorker) => void = () => undefined;
      const exited = new Promise<WorkerExit>((settle) => {
        resolve = settle;
      });
      return {
        hostId: 'instant:1',
        exited,
        send: ({ type }) => {
          if (type !== 'stop') return;
          queueMicrotask(() => {
            tell({ type: 'stopped' });
            resolve({ reason: 'exited', code: 0, error: null });
          });
        },
        onMessage: (listener) => {
          tell = listener;
          queueMicrotask(() => {
            listener({ type: 'ready' });
            listener({
              type: 'round-ended',
              outcome: 'ok',
              durationMs: 12,
              at: Date.now(),
              state: null,
              facts,
              reported: null,
              error: null,
              publishes: { confirmed: 1 },
            });
          });
        },
        kill: () => {
          resolve({ reason: 'killed', code: null, error: null });
          return Promise.resolve();
        },
      };
    },
  };
}
