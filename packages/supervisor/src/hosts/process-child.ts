/**
 * The first file a child process of the process host runs: it gives the worker entry what a thread has, a line
 * to the host and shared words for vitals. Promise: the process does not outlive the line.
 */
import { pathToFileURL } from 'node:url';
import { createVitals, offerChannel, serialiseError, type ToWorker } from '@vedette/contract';
import { Frames } from './frames.js';
import type { FromProcess, ToProcess } from './process-protocol.js';

/** The last word must reach the host; a host that does not read must not keep the process. */
const LAST_WORD_MS = 500;

type Listener = (message: ToWorker) => void;

let listener: Listener | null = null;
/** Words that came before the entry listens. */
const early: ToWorker[] = [];

/** What waits until the host has read what was sent. */
const backlog = new Frames();
let isChoked = false;

function send(message: FromProcess): void {
  if (isChoked) backlog.push(message);
  else sendNow(message);
}

/** The channel says when it holds more than it should; the callback says when that is gone. */
function sendNow(message: FromProcess): void {
  if (!process.connected) return;
  const isFree = process.send?.(message, undefined, undefined, () => {
    if (isChoked) relieve();
  });
  isChoked = isFree === false;
}

function relieve(): void {
  isChoked = false;
  if (!backlog.isEmpty) sendNow({ from: 'backlog', frames: backlog.take() });
}

process.on('message', (message: ToProcess) => {
  if (message.to === 'child') begin(message);
  else if (listener === null) early.push(message.message);
  else listener(message.message);
});
process.once('disconnect', () => {
  process.exit();
});
process.on('exit', relieve);
process.on('uncaughtException', (error) => {
  const end = (): void => {
    process.exit(1);
  };
  setTimeout(end, LAST_WORD_MS);
  relieve();
  if (!process.connected) end();
  const crash: FromProcess = { from: 'crash', error: serialiseError(error) };
  process.send?.(crash, undefined, undefined, end);
});

function begin({ entry, start }: Extract<ToProcess, { to: 'child' }>): void {
  const vitals = createVitals();
  forward(new Int32Array(vitals), start.beatMs / 4);
  offerChannel({
    start: { ...start, vitals, slot: 0 },
    post(message) {
      send({ from: 'worker', message });
    },
    onMessage(next) {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
    close() {
      relieve();
      if (process.connected) process.disconnect();
    },
  });
  // A rejection is an uncaught error like any other.
  void import(entry.startsWith('file:') ? entry : pathToFileURL(entry).href);
}

/**
 * Tells what the work loop wrote. The timer proves nothing and need not: without a turn of the work loop the
 * words stay as they are, and then nothing is told.
 */
function forward(words: Int32Array, everyMs: number): void {
  let told = '';
  setInterval(() => {
    const now = Array.from(words, (_word, index) => Atomics.load(words, index));
    const text = now.join();
    if (text === told) return;
    told = text;
    send({ from: 'vitals', words: now });
  }, everyMs).unref();
}
