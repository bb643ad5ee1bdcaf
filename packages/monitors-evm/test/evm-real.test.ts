import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { startAnvil, type Anvil } from '../../../test/support/anvil.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { evmNodeStrategy } from '../src/index.js';
import defaultMonitor from '../src/evm-node/monitor.js';

const NODE = identity('evm-node', 'anvil', 'Node monitor (anvil)', 'evm_1');

function round(url: string): Promise<PlayedRound> {
  return playRound(defaultMonitor, { settings: { url, verifyTls: true }, monitor: NODE });
}

describe('the EVM node monitor on a real node', () => {
  let node: Anvil;
  const nodes: Anvil[] = [];
  const start = async (args: readonly string[] = []): Promise<Anvil> => {
    const anvil = await startAnvil(args);
    nodes.push(anvil);
    return anvil;
  };

  beforeEach(async () => {
    node = await start();
  });
  afterEach(async () => {
    closeHttp();
    await Promise.all(nodes.splice(0).map((anvil) => anvil.stop()));
  });

  it('follows the chain as blocks are mined', async () => {
    const before = await round(node.url);
    expect(before.result.facts).to.include({ block_height: 0, is_syncing: 0 });
    await node.call('anvil_mine', ['0x64']);
    const after = await round(node.url);
    expect(after.result.facts).to.include({ block_height: 100, is_syncing: 0 });
    expect(after.texts[0]).to.include('"data": {"current_height": 100, "syncing": false}');
    expect(evmNodeStrategy.keyFigure(after.result.facts ?? {})).to.equal('height 100');
  });

  it('shows a node that lags behind another', async () => {
    await node.call('anvil_mine', ['0x2']);
    const lagging = await start(['--fork-url', node.url, '--no-mining']);
    await node.call('anvil_mine', ['0x3']);
    const [ahead, behind] = await Promise.all([round(node.url), round(lagging.url)]);
    expect(ahead.result.facts).to.include({ block_height: 5 });
    expect(behind.result.facts).to.include({ block_height: 2 });
  });

  it('reports 5015 when the node dies between two rounds, over a connection that was kept', async () => {
    expect((await round(node.url)).result.reported).to.equal(undefined);
    await node.stop();
    expect((await round(node.url)).result.reported).to.deep.equal({
      code: 5015,
      message: 'Node anvil is unreachable',
    });
  });

  it('reports 5015 when the node freezes, within its deadline', async () => {
    process.kill(node.pid, 'SIGSTOP');
    try {
      expect((await round(node.url)).result.reported?.code).to.equal(5015);
    } finally {
      process.kill(node.pid, 'SIGCONT');
    }
    expect((await round(node.url)).result.reported).to.equal(undefined);
  });
});
