/** The whole in one call, on a host of the test: config from a list, kept over a restart only where it is asked for. */
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evmNodeStrategy } from '@vedette/monitors-evm';
import { ConfigFileError, createManager, ListSource, StrategyRegistry } from '../src/index.js';
import { InstantHost } from './support/instant-host.js';

const registry = new StrategyRegistry([evmNodeStrategy]);
const aNode = (id: string, url = 'http://127.0.0.1:8545') => ({ kind: 'evm-node', id, settings: { url } });

describe('createManager', () => {
  it('runs what a list says, and follows it', async () => {
    const source = new ListSource(registry);
    source.set([aNode('a')]);
    await using manager = createManager({ registry, source, host: new InstantHost() });
    const applied: number[][] = [];
    manager.on('config.applied', ({ changes }) => {
      applied.push(
        [changes.started, changes.restarted, changes.stopped, changes.kept].map((ids) => ids.length),
      );
    });
    await manager.start();
    source.set([aNode('a'), aNode('b')]);
    source.set([aNode('a', 'http://127.0.0.1:8546')]);
    source.set([]);
    expect(applied).to.deep.equal([
      [1, 0, 0, 0],
      [1, 0, 0, 1],
      [0, 1, 1, 0],
      [0, 0, 1, 0],
    ]);
  });

  it('refuses a list with all its problems, by entry, and changes nothing', async () => {
    const source = new ListSource(registry);
    await using manager = createManager({ registry, source, host: new InstantHost() });
    await manager.start();
    source.set([aNode('a')]);
    const bad = [aNode('a'), aNode('b', 'ftp://x'), { ...aNode('c'), kind: 'nothing' }];
    let thrown: unknown;
    try {
      source.set(bad);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).to.be.instanceOf(ConfigFileError);
    const problems = (thrown as ConfigFileError).problems.map(({ line, code, field }) => [line, code, field]);
    expect(problems).to.deep.equal([
      [2, 'CONFIG_INVALID_URL', 'settings.url'],
      [3, 'CONFIG_UNKNOWN_KIND', 'kind'],
    ]);
    expect(manager.snapshot().map(({ id }) => id)).to.deep.equal(['evm-node:a']);
  });

  it('writes to disk only where it is given a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vedette-manager-'));
    for (const stateFolder of [undefined, join(folder, 'state')]) {
      const source = new ListSource(registry);
      const options = { registry, source, host: new InstantHost() };
      const manager = createManager(stateFolder === undefined ? options : { ...options, stateFolder });
      await manager.start();
      await manager.acceptMessage('node', 'chains.chainlink.x.evm_nodes_config', Buffer.from('{}'));
      await manager.stop();
      expect(existsSync(join(folder, 'state')), String(stateFolder)).to.equal(stateFolder !== undefined);
    }
    await rm(folder, { recursive: true });
  });

  it('stops at once by force where its signal aborts', async () => {
    const source = new ListSource(registry);
    source.set([aNode('a')]);
    const host = new InstantHost();
    const manager = createManager({ registry, source, host });
    await manager.start();
    const { elapsedMs } = await manager.stop(60_000, { signal: AbortSignal.abort() });
    expect(elapsedMs).to.be.below(30_000);
  });

  it('refuses a broker it cannot speak to', () => {
    const make = (): unknown => createManager({ registry, broker: 'http://x', host: new InstantHost() });
    expect(make).to.throw().with.property('code', 'BROKER_BAD_URL');
  });
});
