/** A supervisor alone: what monitors publish is taken and told, and nothing is refused for want of a broker. */
import { expect } from 'chai';
import { settlePromises } from '../../../test/support/fake-clock.js';
import { Supervisor } from '../src/index.js';
import { aSpec } from './a-spec.js';
import { BROKER } from './a-supervisor.js';
import { FakeHost } from './fake-host.js';

const MESSAGE = { exchange: 'raw_data', routingKey: 'web.page', content: '{}' };

describe('Supervisor without a broker', () => {
  for (const [what, options, outcome, echo] of [
    ['takes every message and has it told', {}, 'confirmed', true],
    ['is silent where it is asked to', { echo: false }, 'confirmed', false],
    ['refuses where a broker is named and nobody answers for it', { broker: BROKER }, 'nacked', false],
  ] as const) {
    it(what, async () => {
      const host = new FakeHost();
      await using supervisor = new Supervisor({ host, ...options });
      supervisor.apply([aSpec()]);
      const worker = host.last();
      worker.ready();
      worker.say({ type: 'broker', request: { id: 7, op: 'publish', message: MESSAGE } });
      await settlePromises();
      expect(worker.replies).to.deep.equal([{ type: 'broker', reply: { id: 7, outcome } }]);
      expect(worker.start.echo).to.equal(echo);
      const told: string[] = [];
      supervisor.on('message.published', ({ id, message }) => told.push(`${id} ${message.routingKey}`));
      worker.say({ type: 'published', message: MESSAGE, outcome, at: 1 });
      expect(told).to.deep.equal(['test:a web.page']);
    });
  }
});
