/** What runs in BullMQ's child processes. */
import { openRounds } from './work.mjs';

process.on('disconnect', () => process.exit());
const rounds = openRounds(process.env.BENCH_AMQP);

export default async function processor(job) {
  const round = await rounds;
  await round(job.data.name, job.data.page);
}
