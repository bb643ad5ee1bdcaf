/**
 * How long until a monitor works? Threads are started one at a time, floors and kinds in turn, so that a busy
 * moment of the machine falls on all of them.
 *
 * `ready`: spawn to `ready` and a live confirmed channel, the first round put off. `first_data`: the config
 * message handed to the manager (parsed, synced to disk, applied) to the first raw data RabbitMQ confirmed; the
 * spread of first rounds is left as it is, at most 10 ms for one monitor alone. The floor of a Substrate monitor
 * is a script of its own, from its start to the last answer, that asks the same with @polkadot/api.
 */
import type { Bench } from './lib/bench.js';
import { KINDS } from './lib/kinds.js';
import { measuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import { p99 } from './lib/statistics.js';
import type { ReadyArgs, ReadyResult } from './measured/ready.js';

export const ready: Bench = {
  name: 'ready',
  question: 'config accepted → first confirmed raw data, and spawn → live confirmed channel',
  budgetS: 90,
  async run(lab) {
    const args: ReadyArgs = {
      turns: lab.isQuick ? 2 : 30,
      // What it takes to begin, and to end.
      budgetMs: lab.leftMs() - 15_000,
      folder: lab.folder,
      amqpUrl: await lab.amqpUrl(),
      sources: await lab.sources(),
      files: await lab.files(),
    };
    const { empty, amqp, bareSubstrate, ...kinds } = await lab.measure<ReadyResult>('ready', args);
    const label = (name: string, metric: string): RowLabel => {
      return { bench: 'ready', case: name, host: 'thread', n: 1, metric, unit: 'ms' };
    };
    const rows: MeasuredRow[] = [
      measuredRow(label('empty thread', 'ready'), empty.ready),
      measuredRow(label('amqp thread', 'ready'), amqp.ready),
    ];
    for (const kind of KINDS) {
      const samples = kinds[kind].ready;
      rows.push(measuredRow(label(kind, 'ready'), samples, amqp.ready));
      rows.push(measuredRow(label(kind, 'ready_p99'), [p99(samples)], [p99(amqp.ready)]));
    }
    rows.push(measuredRow(label('amqp thread', 'first_data'), amqp.firstData));
    const bare = { ...label('bare script with @polkadot/api', 'first_data'), host: 'process' };
    rows.push(measuredRow(bare, bareSubstrate));
    for (const kind of KINDS) {
      const floor = kind === 'substrate-node' ? bareSubstrate : amqp.firstData;
      rows.push(measuredRow(label(kind, 'first_data'), kinds[kind].firstData, floor));
    }
    return rows;
  },
};
