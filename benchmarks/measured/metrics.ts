/**
 * Scrapes of `/metrics` over loopback by a client in a thread of its own, so that the main loop only serves. The
 * manager, its supervisor and the server are real; workers are ready at once and have ended one round.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { startObservedFleet } from '../lib/observed-fleet.js';
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
  /** Time of each on a processor, as the kernel counts it for the main thread, milliseconds. */
  readonly cpu: number[];
  /** Longest turn of the loop during each scrape, milliseconds. */
  readonly turn: number[];
  /** The most processor time a turn took, as the kernel counts it (in steps of a tick, often 4 ms), milliseconds. */
  readonly turnCpu: number[];
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

serve(async ({ monitors, facts, samples }: MetricsArgs, progress): Promise<MetricsResult> => {
  const { url, stop } = await startObservedFleet(monitors, facts);
  const client = new Worker(CLIENT, { eval: true, workerData: `${url}/metrics` });
  const scrape = (): Promise<Scraped> =>
    new Promise((resolve) => {
      client.once('message', resolve);
      client.postMessage(null);
    });
  const result = {
    loop: [] as number[],
    cpu: [] as number[],
    turn: [] as number[],
    turnCpu: [] as number[],
    scrape: [] as number[],
    bytes: 0,
    series: 0,
  };
  for (let sample = -3; sample < samples; sample += 1) {
    progress(
      `metrics: ${Math.max(sample, 0)} of ${samples} scrapes of ${monitors} monitors with ${facts} facts`,
    );
    const before = performance.eventLoopUtilization();
    const cpuBefore = cpuMs();
    const { ms, bytes, series } = await scrape();
    const { active } = performance.eventLoopUtilization(before);
    const cpu = cpuMs() - cpuBefore;
    await pause(20);
    const longest = longestTurn(() => performance.now());
    await scrape();
    const turnMs = longest();
    await pause(20);
    const longestCpu = longestTurn(cpuMs);
    await scrape();
    const turnCpuMs = longestCpu();
    await pause(20);
    if (sample < 0) continue;
    result.loop.push(active);
    result.cpu.push(cpu);
    result.turn.push(turnMs);
    result.turnCpu.push(turnCpuMs);
    result.scrape.push(ms);
    Object.assign(result, { bytes, series });
  }
  await client.terminate();
  await stop();
  return result;
});

/** Turns the loop without a rest; the call gives the longest turn so far by `clock`, and ends it. */
function longestTurn(clock: () => number): () => number {
  let longest = 0;
  let last = clock();
  let isOver = false;
  const turn = (): void => {
    const now = clock();
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

/** Of this thread: others take the processor away, which the loop's own clock does not see. */
function cpuMs(): number {
  const nanoseconds = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0];
  return Number(nanoseconds) / 1e6;
}
