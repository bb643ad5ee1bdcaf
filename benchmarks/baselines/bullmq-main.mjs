/** BullMQ: a job scheduler per monitor, and a worker whose sandboxed processor runs in four processes. */
import { createRequire } from 'node:module';
import { delayOf } from './work.mjs';

const { libraries, processor, n, periodMs, amqpUrl, page, redisPort } = JSON.parse(process.argv[2]);
const { Queue, Worker } = createRequire(`${libraries}/`)('bullmq');
const CHILDREN = 4;

process.env.BENCH_AMQP = amqpUrl;
const connection = { host: '127.0.0.1', port: redisPort };
const queue = new Queue('bench', { connection });
const worker = new Worker('bench', processor, { connection, concurrency: CHILDREN });
worker.on('error', (error) => process.stderr.write(`bullmq: ${error.message}\n`));

async function schedule() {
  const begin = Date.now() + 200;
  for (let index = 0; index < n; index += 1) {
    const startDate = begin + Math.round(delayOf(index, n, periodMs));
    const job = {
      name: 'round',
      data: { name: `probe-${index}`, page },
      opts: { removeOnComplete: true, removeOnFail: true },
    };
    await queue.upsertJobScheduler(`probe-${index}`, { every: periodMs, startDate }, job);
  }
}

void schedule();
