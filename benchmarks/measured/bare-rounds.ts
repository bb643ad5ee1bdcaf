/**
 * Floor: the same rounds without supervision, isolation or schedule of ours. One process, one connection, one
 * confirm channel, a timer per monitor on a fixed grid.
 */
import { connect } from 'amqplib';
import { bodyOf, fetchNumber, nowUs } from '../fixtures/probe-work.cjs';
import { nowMs } from '../lib/clock.js';
import { latenessOf } from '../lib/lateness.js';
import { observe } from '../lib/observed.js';
import { serve } from '../lib/serve.js';
import type { LatencyArgs, LatencyResult } from './latency.js';

serve(async (args: Omit<LatencyArgs, 'host'>, progress): Promise<LatencyResult> => {
  const { n, periodMs, windowMs, amqpUrl, sources } = args;
  progress(`${n} bare rounds every ${periodMs} ms`);
  const connection = await connect(amqpUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  let failedRounds = 0;
  let isOver = false;

  async function round(name: string, starts: number[]): Promise<void> {
    const startedUs = nowUs();
    starts.push(startedUs / 1e3);
    const value = await fetchNumber(sources.probe);
    const content = Buffer.from(JSON.stringify(bodyOf(name, startedUs, value)));
    await new Promise<void>((resolve, reject) => {
      channel.publish('raw_data', 'node.bench', content, { mandatory: true, persistent: true }, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error as Error);
      });
    });
  }

  const all = Array.from({ length: n }, (_none, index) => {
    const starts: number[] = [];
    const dueMs = nowMs() + (index * periodMs) / n;
    const tick = (slot: number): void => {
      setTimeout(
        () => {
          if (isOver) return;
          round(`bare-${index}`, starts).catch(() => (failedRounds += 1));
          tick(slot + 1);
        },
        dueMs + slot * periodMs - nowMs(),
      );
    };
    tick(0);
    return { starts, dueMs };
  });
  const observed = await observe(windowMs + periodMs, (fromMs, untilMs) =>
    all.flatMap(({ starts, dueMs }) =>
      latenessOf(starts, { periodMs, dueMs, fromMs: fromMs + periodMs, untilMs }),
    ),
  );
  isOver = true;
  await connection.close();
  return { ...observed, failedRounds, restarts: 0 };
});
