/**
 * Rounds end at a steady pace and every client hears of each. The clients read in a thread of their own, so that the
 * main loop only supervises and sends. Windows with clients stand beside windows without.
 */
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { startObservedFleet } from '../lib/observed-fleet.js';
import { serve } from '../lib/serve.js';
import { pause } from '../lib/until.js';

export interface EventsArgs {
  readonly clients: number;
  readonly perSecond: number;
  readonly windowMs: number;
  readonly windows: number;
}
/** Percent of one core, one figure per window. */
export interface EventsResult {
  readonly alone: number[];
  readonly heard: number[];
  /** Of all that was told to all clients. */
  readonly missed: number;
}

/** Answers each message with the count of rounds all clients together have heard of. */
const CLIENTS = `
const { parentPort, workerData } = require('node:worker_threads');
const http = require('node:http');
let got = 0;
for (let client = 0; client < workerData.clients; client += 1) {
  http.get(workerData.url, { agent: false }, (answer) => {
    answer.setEncoding('utf8').on('data', (text) => {
      got += text.split('event: monitor.round-ended').length - 1;
    }).on('error', () => undefined);
  });
}
parentPort.on('message', () => parentPort.postMessage(got));
`;

const EVERY_MS = 20;
const MONITORS = 1_000;

serve(async ({ clients, perSecond, windowMs, windows }: EventsArgs, progress): Promise<EventsResult> => {
  const { url, host, stop } = await startObservedFleet(MONITORS, 20);
  let told = 0;
  let isTold = true;
  const timer = setInterval(() => {
    if (!isTold) return;
    for (let event = 0; event < (perSecond * EVERY_MS) / 1_000; event += 1) {
      host.round();
      told += 1;
    }
  }, EVERY_MS);
  const share = async (): Promise<number[]> => {
    const shares: number[] = [];
    for (let window = -2; window < windows; window += 1) {
      const before = performance.eventLoopUtilization();
      await pause(windowMs);
      if (window >= 0) shares.push(performance.eventLoopUtilization(before).utilization * 100);
    }
    return shares;
  };
  progress(`events: ${windows} windows without clients`);
  const alone = await share();
  isTold = false;
  const listening = new Worker(CLIENTS, {
    eval: true,
    workerData: { url: `${url}/api/v1/events`, clients },
  });
  const count = (): Promise<number> =>
    new Promise((resolve) => {
      listening.once('message', resolve);
      listening.postMessage(null);
    });
  await pause(500);
  told = 0;
  isTold = true;
  progress(`events: ${windows} windows with ${clients} clients`);
  const heard = await share();
  isTold = false;
  await pause(500);
  const missed = told * clients - (await count());
  clearInterval(timer);
  await listening.terminate();
  await stop();
  return { alone, heard, missed };
});
