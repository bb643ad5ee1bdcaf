/**
 * How many messages a second does the broker confirm, per connection and per channel? Persistent, mandatory, into
 * one durable queue. Monitors wait for each confirm, so a window of 1 is what one monitor can do.
 *
 * Floor: amqplib alone, in the same form. Several channels on one connection are what density shares.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type RowLabel } from './lib/rows.js';
import type { PublishArgs, PublishCase, PublishResult } from './measured/publish.js';

const CASES: readonly PublishCase[] = [
  { connections: 1, channels: 1, window: 1 },
  { connections: 1, channels: 1, window: 100 },
  { connections: 1, channels: 1, window: 1_000 },
  { connections: 1, channels: 10, window: 1 },
  { connections: 1, channels: 100, window: 1 },
  { connections: 10, channels: 1, window: 1 },
  { connections: 100, channels: 1, window: 1 },
];
const FOR_MS = 1_500;

export const publish: Bench = {
  name: 'publish',
  question: 'confirmed messages a second, per connection and per channel',
  budgetS: 25,
  async run(lab) {
    const cases = lab.isQuick ? CASES.filter(({ connections }) => connections < 100) : CASES;
    const args: PublishArgs = { amqpUrl: await lab.amqpUrl(), cases, forMs: lab.isQuick ? 200 : FOR_MS };
    const results = await lab.measure<PublishResult>('publish', args);
    return cases.flatMap(({ connections, channels, window }, index) => {
      const { ours, raw } = results[index] as PublishResult[number];
      const label = (metric: string): RowLabel => {
        const name = `${connections} × ${channels}, window ${window}`;
        return { bench: 'publish', case: name, host: 'none', n: connections * channels, metric, unit: '1/s' };
      };
      const rows = (metric: string, share: number) =>
        measuredRow(
          label(metric),
          [(ours ?? raw) / share],
          ours === null ? [] : [raw / share],
          ours === null ? 'amqplib alone: our publisher has one channel a connection' : undefined,
        );
      return [
        rows('confirmed', 1),
        rows('confirmed_per_connection', connections),
        rows('confirmed_per_channel', connections * channels),
      ];
    });
  },
};
