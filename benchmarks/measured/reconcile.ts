/**
 * Config to a wanted set that is stored and applied, with workers that start and stop at once. One scope of
 * `count` monitors changes as a whole; as many of another scope run beside it and must not be touched.
 */
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { connect, type ConfirmChannel } from 'amqplib';
import { silentLogger, systemClock, EXCHANGES } from '@vedette/contract';
import { AmqpBroker } from '@vedette/broker';
import {
  FileScopeStore,
  MonitorsManager,
  RabbitSource,
  StrategyRegistry,
  type ManagerEvents,
} from '@vedette/manager';
import { Supervisor, type Restarted, type StateChanged } from '@vedette/supervisor';
import { STRATEGIES, timed } from '../lib/fleet.js';
import { brokerAddress } from '../lib/probe-spec.js';
import { InstantHost } from '../lib/instant-host.js';
import { serve } from '../lib/serve.js';
import { pause, until } from '../lib/until.js';

export interface ReconcileArgs {
  readonly amqpUrl: string;
  readonly folder: string;
  readonly count: number;
  readonly samples: number;
  /** Messages of one config each in a burst. */
  readonly burst: number;
  readonly bursts: number;
}
export interface ReconcileResult {
  readonly direct: Timings;
  readonly rabbit: Timings;
  /** One burst of messages, published to all applied. */
  readonly burst: number[];
  readonly unrelatedRestarts: number;
  /** What the same message again led to. */
  readonly idleActions: number;
}
interface Timings {
  readonly applied: number[];
  readonly running: number[];
  readonly same: number[];
}

type Applied = ManagerEvents['config.applied'][0];

const CHANGED = 'chains.chainlink.changed.evm_nodes_config';
const UNRELATED = 'chains.chainlink.unrelated.evm_nodes_config';
const FAMILY = 'node';
const BETWEEN_MS = 20;

serve(async (args: ReconcileArgs, progress): Promise<ReconcileResult> => {
  const { count, samples, burst, bursts } = args;
  const manager = managerOf(args);
  const { supervisor } = manager;
  let unrelatedRestarts = 0;
  let idleActions = 0;
  supervisor.on('monitor.restarted', ({ spec }: Restarted) => {
    if (spec.origin.subChain === 'unrelated') unrelatedRestarts += 1;
  });
  // A queue that is not bound yet takes no message.
  const isReading = until(manager, ['intake.changed'], () => manager.intake.isReading, 'the queues are read');
  await manager.start();
  await isReading;
  const connection = await connect(args.amqpUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  channel.on('return', () => {
    throw new Error('a config was returned: no queue is bound');
  });
  await manager.acceptMessage(FAMILY, UNRELATED, message('unrelated', count, 0));
  await manager.acceptMessage(FAMILY, CHANGED, message('changed', count, 0));
  const direct: Timings = { applied: [], running: [], same: [] };
  const rabbit: Timings = { applied: [], running: [], same: [] };
  let version = 0;
  const countActions = ({ changes }: Applied): void => {
    idleActions += changes.started.length + changes.restarted.length + changes.stopped.length;
  };
  for (let sample = -2; sample < samples; sample += 1) {
    progress(`reconcile: ${Math.max(sample, 0)} of ${samples}, directly and over RabbitMQ`);
    for (const [timings, hand] of [
      [direct, (body: Buffer) => manager.acceptMessage(FAMILY, CHANGED, body)],
      [rabbit, (body: Buffer) => publish(channel, CHANGED, body)],
    ] as const) {
      version += 1;
      const body = message('changed', count, version);
      const allRunning = running(supervisor, count);
      const began = performance.now();
      const appliedMs = await timed(() => hand(body), applied(manager, 1));
      const runningMs = (await allRunning) - began;
      await pause(BETWEEN_MS);
      manager.on('config.applied', countActions);
      const sameMs = await timed(() => hand(body), applied(manager, 1));
      manager.off('config.applied', countActions);
      await pause(BETWEEN_MS);
      if (sample < 0) continue;
      timings.applied.push(appliedMs);
      timings.running.push(runningMs);
      timings.same.push(sameMs);
    }
  }
  const burstMs: number[] = [];
  for (let round = 0; round < bursts; round += 1) {
    progress(`reconcile: burst ${round + 1} of ${bursts}, ${burst} messages of one config each`);
    const bodies = Array.from({ length: burst }, (_none, index) => message(`burst-${index}`, 1, round));
    burstMs.push(
      await timed(
        () =>
          Promise.all(
            bodies.map((body, index) =>
              publish(channel, `chains.chainlink.b${index}.evm_nodes_config`, body),
            ),
          ),
        applied(manager, burst),
      ),
    );
  }
  await connection.close();
  await manager.stop();
  return { direct, rabbit, burst: burstMs, unrelatedRestarts, idleActions };
});

function managerOf({ amqpUrl, folder }: ReconcileArgs): MonitorsManager {
  const broker = new AmqpBroker({ url: amqpUrl, name: 'bench manager' });
  const supervisor = new Supervisor({
    host: new InstantHost(),
    broker: brokerAddress(amqpUrl),
    // Without start time: nothing waits for room.
    maxConcurrentStarts: Infinity,
    startsPerSecond: Infinity,
    // The workers do not beat.
    beatMs: 3_600_000,
  });
  return new MonitorsManager({
    broker,
    supervisor,
    registry: new StrategyRegistry(STRATEGIES),
    source: new RabbitSource({ broker, clock: systemClock, logger: silentLogger }),
    store: new FileScopeStore(join(folder, 'reconcile')),
  });
}

/** Every entry differs from that of another version. */
function message(scope: string, count: number, version: number): Buffer {
  const entries = Array.from({ length: count }, (_none, index) => {
    const id = `${scope}-${index}`;
    const raw = {
      id,
      parent_id: 'chain-1',
      name: id,
      node_http_url: `http://127.0.0.1:8545/${version}/${index}`,
      monitor_node: 'true',
    };
    return [id, raw] as const;
  });
  return Buffer.from(JSON.stringify(Object.fromEntries(entries)));
}

function publish(channel: ConfirmChannel, routingKey: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.publish(EXCHANGES.config, routingKey, body, { mandatory: true, persistent: true }, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error as Error);
    });
  });
}

function applied(manager: MonitorsManager, times: number): Promise<number> {
  let left = times;
  return until(
    manager,
    ['config.applied'],
    () => {
      left -= 1;
      return left === 0;
    },
    `${times} applied messages`,
  );
}

function running(supervisor: Supervisor, count: number): Promise<number> {
  const ids = new Set<string>();
  return until(
    supervisor,
    ['monitor.state-changed'],
    (_name, { id, to }: StateChanged) => {
      if (to.state === 'running') ids.add(id);
      return ids.size === count;
    },
    `${count} monitors running again`,
  );
}
