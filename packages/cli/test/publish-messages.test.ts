/** What `vedette publish` makes of a file whose kinds share the nodes of one chain. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigMessage, Family } from '@vedette/contract';
import { parseConfigFile } from '@vedette/manager';
import { ROOT } from '../../../test/support/root.js';
import { messagesOf } from '../src/commands/publish.js';
import { createRegistry } from '../src/registry.js';

describe('the messages of `vedette publish`', () => {
  it('say chain-wide fields with every node, so that nodes and network of one chain fit one message', async () => {
    const registry = await createRegistry({});
    const config = parseConfigFile(readFileSync(join(ROOT, 'examples/cosmos.yaml'), 'utf8'), registry);
    const messages = [...messagesOf(config, registry)];
    expect(messages.map(([routingKey]) => routingKey)).to.deep.equal(['chains.cosmos.regen.nodes_config']);
    const [[routingKey, body] = ['', {}]] = messages;
    const read = (family: Family): ReturnType<typeof registry.parse> =>
      registry.parse({ family, routingKey, body } satisfies ConfigMessage);
    expect(read('node').specs.map(({ name }) => name)).to.deep.equal(['regen validator', 'regen sentry 1']);
    expect(read('network').specs.map(({ name }) => name)).to.deep.equal(['regen']);
    expect([...read('node').refusals, ...read('network').refusals]).to.deep.equal([]);
  });
});
