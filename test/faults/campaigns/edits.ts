/** Two edits of one node back to back, again and again: PANIC's stall (contract 10.2, last row). */
import type { JsonObject } from '@vedette/contract';
import { eventually } from '../../support/eventually.js';
import { startRabbit } from '../../support/rabbitmq.js';
import { Fleet } from '../support/fleet.js';
import { entriesOf, keyOf, RabbitSide } from '../support/rabbit-side.js';
import { atMost, exactly, forInformation, quantile, type Campaign } from './campaign.js';

const TRIALS = 1_000;
const STALLED_MS = 10_000;
const KEY = keyOf('edited');
const ID = 'light:edited';

export const edits: Campaign = {
  name: 'edits',
  question: 'two edits of one node back to back: does the second run, and how soon?',
  async run({ progress, trials }) {
    const rabbit = await startRabbit();
    const side = await new RabbitSide(rabbit).plug();
    const fleet = await new Fleet({ brokerUrl: rabbit.url, hasNeighbours: false }).start();
    try {
      await eventually(async () => (await side.consumers()) === 1, { deadlineMs: 20_000 });
      const took: number[] = [];
      let stalls = 0;
      for (let trial = 0; trial < (trials ?? TRIALS); trial += 1) {
        const wanted = `${trial} b`;
        const running = runsWith(fleet, wanted);
        side.send(KEY, entriesOf(['edited'], { value: `${trial} a` }));
        const began = performance.now();
        side.send(KEY, entriesOf(['edited'], { value: wanted }));
        const at = await running;
        if (at === null) stalls += 1;
        else took.push(at - began);
        if ((trial + 1) % 100 === 0)
          progress(`${trial + 1} trials, longest ${Math.max(...took).toFixed(0)} ms`);
      }
      fleet.expectOneWorkerEach();
      return [
        exactly('stalls', stalls, 0),
        atMost('publish → second setting running, longest', Math.max(...took), 1_000, ' ms'),
        forInformation(
          '… median, p99',
          `${quantile(took, 0.5).toFixed(0)}, ${quantile(took, 0.99).toFixed(0)} ms`,
        ),
      ];
    } finally {
      await fleet.manager.stop();
      await side.unplug();
      await rabbit.stop();
    }
  },
};

/** When it runs with this setting; null if it does not in time. */
function runsWith({ supervisor }: Fleet, value: string): Promise<number | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(null), STALLED_MS);
    const done = (at: number | null): void => {
      clearTimeout(timer);
      supervisor.off('monitor.state-changed', look);
      resolve(at);
    };
    const look = ({
      id,
      to,
      spec,
    }: {
      id: string;
      to: { state: string };
      spec: { settings: JsonObject };
    }): void => {
      if (id === ID && to.state === 'running' && spec.settings['value'] === value) done(performance.now());
    };
    supervisor.on('monitor.state-changed', look);
  });
}
