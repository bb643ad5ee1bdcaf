/** The line to the host that spawned this worker. Closing it lets the worker end by itself. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Channel, StartData } from '@vedette/contract';

/** The channel of a worker thread: start data is its `workerData`. */
export function threadChannel(): Channel {
  const port = parentPort;
  if (port === null) throw new Error('entry.cjs must be started as a worker thread');
  return {
    start: workerData as StartData,
    post(message) {
      port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', listener);
    },
    close(code) {
      if (code !== 0) process.exitCode = code;
      port.close();
    },
  };
}
