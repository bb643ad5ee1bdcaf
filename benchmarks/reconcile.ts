/**
 * How long from a config message to a wanted set that is stored and applied? Workers start and stop at once,
 * so it is the manager and the supervisor that are measured: parsing, schema, a synced write, diff, actions.
 *
 * `applied`: message handed over to `config.applied`, which the acknowledgement follows. `all_running`: to
 * every changed monitor running with its new settings. Over RabbitMQ the time starts at the publish.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type RowLabel } from './lib/rows.js';
import type { ReconcileArgs, ReconcileResult } from './measured/reconcile.js';

const COUNT = 1_000;

export const reconcile: Bench = {
  name: 'reconcile',
  question: '1,000 configs changed in one burst → applied; the same again → nothing',
  budgetS: 20,
  async run(lab) {
    const args: ReconcileArgs = {
      count: COUNT,
      samples: lab.isQuick ? 3 : lab.isWhole ? 9 : 25,
      burst: lab.isQuick ? 100 : COUNT,
      bursts: lab.isQuick || lab.isWhole ? 1 : 2,
      amqpUrl: await lab.amqpUrl(),
      folder: lab.folder,
    };
    const result = await lab.measure<ReconcileResult>('reconcile', args);
    const { direct, rabbit, burst, unrelatedRestarts, idleActions } = result;
    const label = (name: string, metric: string, unit: RowLabel['unit'] = 'ms', n = COUNT): RowLabel => {
      return { bench: 'reconcile', case: name, host: 'none', n, metric, unit };
    };
    return [
      measuredRow(label('all changed', 'applied'), direct.applied),
      measuredRow(label('all changed', 'all_running'), direct.running),
      measuredRow(label('all changed, over RabbitMQ', 'applied'), rabbit.applied),
      measuredRow(label('all changed, over RabbitMQ', 'all_running'), rabbit.running),
      measuredRow(label('all changed', 'unrelated_restarts', 'count'), [unrelatedRestarts]),
      measuredRow(label('same again', 'applied'), direct.same),
      measuredRow(label('same again, over RabbitMQ', 'applied'), rabbit.same),
      measuredRow(label('same again', 'actions', 'count'), [idleActions]),
      measuredRow(label('one message each, over RabbitMQ', 'applied', 'ms', args.burst), burst),
    ];
  },
};
