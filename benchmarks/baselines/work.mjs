/** What the Node programs compared share: a confirm channel, one round, and a fixed grid of rounds. */
import { connect } from 'amqplib';
import { bodyOf, fetchNumber, nowUs } from '../fixtures/probe-work.cjs';

/** @returns {Promise<(name: string, url: string) => Promise<void>>} one round: read, publish, wait for the confirm */
export async function openRounds(amqpUrl) {
  const connection = await connect(amqpUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  return async (name, url) => {
    const startedUs = nowUs();
    const value = await fetchNumber(url);
    const content = Buffer.from(JSON.stringify(bodyOf(name, startedUs, value)));
    await new Promise((resolve, reject) => {
      const options = { mandatory: true, persistent: true };
      channel.publish('raw_data', 'node.bench', content, options, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  };
}

/** Calls `begin` at `delayMs` and then each period, start to start. */
export function onGrid(periodMs, delayMs, begin) {
  const first = performance.now() + delayMs;
  const wait = (slot) =>
    setTimeout(
      () => {
        begin();
        wait(slot + 1);
      },
      first + slot * periodMs - performance.now(),
    );
  wait(0);
}

/** First rounds are spread as ours are: a hundredth of a second for each monitor, within the period. */
export function delayOf(index, n, periodMs) {
  return (index * Math.min(periodMs, 10 * n)) / n;
}
