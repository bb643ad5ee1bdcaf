/**
 * The first file a child process of the process host runs: it gives the worker entry what a thread has, a line
 * to the host and words for vitals.
 */
import { pathToFileURL } from 'node:url';
import { createVitals, offerChannel, type ToWorker } from '@vedette/contract';
import { HostLine } from './host-line.js';
import type { FromProcess, ToProcess } from './process-protocol.js';
import { VitalsTeller } from './vitals-teller.js';

/** There is but one. */
const KEY = 0;

let listener: ((message: ToWorker) => void) | null = null;
/** Words that came before the entry listens. */
const early: ToWorker[] = [];

const line = new HostLine<ToProcess, FromProcess>((message) => {
  if (message.to === 'child') begin(message);
  else if (listener === null) early.push(message.message);
  else listener(message.message);
});

function begin({ entry, start }: Extract<ToProcess, { to: 'child' }>): void {
  const vitals = createVitals();
  new VitalsTeller((changed) => {
    line.send({ from: 'vitals', changed });
  }).add(KEY, vitals, start.beatMs / 4);
  offerChannel({
    start: { ...start, vitals, slot: 0 },
    post(message) {
      line.send({ from: 'worker', message });
    },
    onMessage(next) {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
    close(code) {
      if (code !== 0) process.exitCode = code;
      line.close();
    },
  });
  // A rejection is an uncaught error like any other.
  void import(entry.startsWith('file:') ? entry : pathToFileURL(entry).href);
}
