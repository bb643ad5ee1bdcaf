/** A line that is open and carries nothing: how soon is it noticed with an AMQP heartbeat of 10 s? */
import { eventually } from '../../support/eventually.js';
import { startRabbit } from '../../support/rabbitmq.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { Fleet, specOf } from '../support/fleet.js';
import { RabbitSide } from '../support/rabbit-side.js';
import { atMost, type Campaign } from './campaign.js';

const TRIALS = 3;
const MONITORS = 20;

export const halfOpen: Campaign = {
  name: 'half-open',
  question: 'half-open link, AMQP heartbeat 10 s: how soon is it noticed?',
  async run({ progress, trials }) {
    const rabbit = await startRabbit();
    const side = await new RabbitSide(rabbit).plug();
    const proxy = await startTcpProxy({ port: rabbit.port });
    const url = `amqp://guest:guest@127.0.0.1:${proxy.port}?heartbeat=10`;
    const fleet = await new Fleet({ brokerUrl: url, hasNeighbours: false }).start();
    const longest = { worker: 0, manager: 0 };
    try {
      fleet.culprits(...Array.from({ length: MONITORS }, (_, index) => specOf(`m${index}`)));
      const links = (word: string): number =>
        fleet.supervisor.snapshot().filter(({ link }) => link === word).length;
      const isUp = (): boolean => links('connected') === MONITORS && fleet.broker.link === 'connected';
      for (let trial = 0; trial < (trials ?? TRIALS); trial += 1) {
        await eventually(isUp, { deadlineMs: 60_000, what: 'all links up' });
        const began = performance.now();
        const noticed = { worker: 0, manager: 0 };
        const offWorker = ({ link }: { link: string }): void => {
          if (link === 'disconnected') noticed.worker = performance.now() - began;
        };
        fleet.supervisor.on('monitor.link-changed', offWorker);
        const offManager = fleet.broker.onLinkChanged(({ link }) => {
          if (link === 'disconnected') noticed.manager ||= performance.now() - began;
        });
        proxy.halfOpen();
        const isNoticed = (): boolean => links('disconnected') === MONITORS && noticed.manager > 0;
        await eventually(isNoticed, { deadlineMs: 40_000, what: 'the loss noticed by all' });
        fleet.supervisor.off('monitor.link-changed', offWorker);
        offManager();
        progress(
          `noticed by the last worker after ${noticed.worker.toFixed(0)} ms, by the manager after ${noticed.manager.toFixed(0)} ms`,
        );
        longest.worker = Math.max(longest.worker, noticed.worker);
        longest.manager = Math.max(longest.manager, noticed.manager);
        proxy.heal();
      }
      return [
        atMost(`noticed by the last of ${MONITORS} workers`, longest.worker / 1_000, 22, ' s'),
        atMost('noticed by the manager', longest.manager / 1_000, 22, ' s'),
      ];
    } finally {
      await fleet.manager.stop();
      await side.unplug();
      await proxy.close();
      await rabbit.stop();
    }
  },
};
