/**
 * The first file a shared thread runs: it gives the worker entry a line for each of the thread's workers, and
 * keeps account of whose code runs. Decides nothing.
 */
import { createRequire } from 'node:module';
import { setInterval } from 'node:timers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { offerEntered, offerSharedLines, type SharedChannel, type ToWorker } from '@vedette/contract';
import type { DenseThreadData, FromDense, ToDense } from './dense-protocol.js';
import { labelTimers } from './labelled-timers.js';
import { Turns } from './turns.js';

interface Worker {
  readonly channel: SharedChannel;
  hear(message: ToWorker): void;
  cut(): void;
}

const { entry, words, turnMs, blockLimitMs, memoryShare } = workerData as DenseThreadData;
const port = parentPort as MessagePort;
const workers = new Map<number, Worker>();
/** Workers that came before the entry listens. */
const early: SharedChannel[] = [];
let onChannel: (channel: SharedChannel) => void = (channel) => early.push(channel);

const say = (message: FromDense): void => {
  port.postMessage(message);
};
const turns = new Turns(new Int32Array(words), blockLimitMs, (key, forMs) => {
  say({ from: 'blocked', key, forMs });
});
turns.turn(0);
setInterval(() => {
  turns.turn(turnMs);
}, turnMs).unref();

port.on('message', (message: ToDense) => {
  switch (message.to) {
    case 'start': {
      const worker = workerOf(message);
      workers.set(message.key, worker);
      onChannel(worker.channel);
      return;
    }
    case 'worker':
      workers.get(message.key)?.hear(message.message);
      return;
    case 'cut':
      workers.get(message.key)?.cut();
  }
});

function workerOf({ key, start }: Extract<ToDense, { to: 'start' }>): Worker {
  const waiting: ToWorker[] = [];
  let listener = (message: ToWorker): void => void waiting.push(message);
  let onCut = (): void => undefined;
  let isOver = false;
  const channel: SharedChannel = {
    start,
    memoryShare,
    enter() {
      turns.enter(key);
    },
    post(message) {
      if (!isOver) say({ from: 'worker', key, message });
    },
    onMessage(next) {
      listener = next;
      for (const message of waiting.splice(0)) next(message);
    },
    onCut(next) {
      onCut = next;
      if (isOver) next();
    },
    close(code, hasLeftovers = false) {
      workers.delete(key);
      if (!isOver) say({ from: 'ended', key, code, hasLeftovers });
      isOver = true;
    },
  };
  return {
    channel,
    hear(message) {
      listener(message);
    },
    cut() {
      isOver = true;
      onCut();
    },
  };
}

offerEntered(turns);
labelTimers();
offerSharedLines({
  onChannel(listener) {
    onChannel = listener;
    for (const channel of early.splice(0)) listener(channel);
  },
});

const file = entry.startsWith('file:') ? fileURLToPath(entry) : entry;
// The ES module loader costs a thread memory, and a bundle does not need it. A failure is an uncaught error.
if (file.endsWith('.cjs')) createRequire(file)(file);
else void import(pathToFileURL(file).href);
