/** Raw piscina: timers in the main thread, rounds as tasks of two threads that keep a connection each. */
import { createRequire } from 'node:module';
import { delayOf, onGrid } from './work.mjs';

const { libraries, task, n, periodMs, amqpUrl, page } = JSON.parse(process.argv[2]);
const { Piscina } = createRequire(`${libraries}/`)('piscina');

const pool = new Piscina({
  filename: task,
  workerData: { amqpUrl },
  minThreads: 2,
  maxThreads: 2,
  // Rounds mostly wait.
  concurrentTasksPerWorker: 50,
  // By default an idle thread stands still and its connection with it.
  atomics: 'disabled',
});
for (let index = 0; index < n; index += 1) {
  onGrid(periodMs, delayOf(index, n, periodMs), () => pool.run({ name: `probe-${index}`, page }));
}
