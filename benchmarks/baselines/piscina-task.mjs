/** What runs in piscina's threads. */
import { workerData } from 'node:worker_threads';
import { openRounds } from './work.mjs';

// Piscina hands over its own data first.
const { amqpUrl } = Array.isArray(workerData) ? workerData[1] : workerData;
const rounds = openRounds(amqpUrl);

export default async function task({ name, page }) {
  const round = await rounds;
  await round(name, page);
}
