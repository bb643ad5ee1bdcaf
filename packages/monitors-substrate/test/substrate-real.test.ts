/** Both kinds on real runtimes: Polkadot's first, with metadata of 2020, and Rococo's without staking. */
import type { JsonObject, JsonValue } from '@vedette/contract';
import { expect } from 'chai';
import { startChopsticks, type Chopsticks } from '../../../test/support/chopsticks.js';
import { playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { substrateNetworkMonitor } from '../src/substrate-network/monitor.js';
import { substrateNodeMonitor } from '../src/substrate-node/monitor.js';
import { NETWORK, NODE, OTHER } from '../../../test/support/substrate-scenes.js';

/** Storage key of `Session.Validators`. */
const VALIDATORS = '0xcec5070d609dd3497f72bde07fc96ba088dcde934c658227ee1dfafcd6e16903';
const DEADLINE_MS = 25_000;

describe('the Substrate monitors on real runtimes', function () {
  this.timeout(90_000);
  const node = substrateNodeMonitor();
  const network = substrateNetworkMonitor();
  let polkadot: Chopsticks;
  let rococo: Chopsticks;

  before(async () => {
    [polkadot, rococo] = await Promise.all([startChopsticks('polkadotSpec'), startChopsticks('rococoSpec')]);
  });
  after(async () => {
    void node.close?.({ monitor: NODE } as never);
    void network.close?.({ monitor: NETWORK } as never);
    await Promise.all([polkadot.stop(), rococo.stop()]);
  });

  const nodeRound = (url: string, stashAddress = '', state: JsonValue = null): Promise<PlayedRound> =>
    playRound(node, {
      settings: {
        url,
        verifyTls: true,
        isValidator: stashAddress !== '',
        stashAddress,
        isArchiveNode: false,
        dataSources: [],
      },
      monitor: NODE,
      state,
      deadlineMs: DEADLINE_MS,
    });
  const networkRound = (url: string): Promise<PlayedRound> => {
    const source = { name: 'source', url, isArchiveNode: false, isValidator: false, verifyTls: true };
    return playRound(network, {
      settings: { dataSources: [source], governanceAddresses: [] },
      monitor: NETWORK,
      deadlineMs: DEADLINE_MS,
    });
  };
  const dataOf = ({ texts, logs }: PlayedRound): JsonObject => {
    const { websocket } = JSON.parse(texts[0] ?? '') as { websocket: { result?: { data: JsonObject } } };
    if (websocket.result === undefined) throw new Error(JSON.stringify([websocket, logs]).slice(0, 2_000));
    return websocket.result.data;
  };

  it('read a validator of Polkadot, block after block', async () => {
    const validators = String(await polkadot.call('state_getStorage', [VALIDATORS]));
    // A length of one byte, then the keys.
    const stash = `0x${validators.slice(4, 68)}`;
    // At its genesis Polkadot's validators were appointed, and had nothing at stake.
    expect((await nodeRound(polkadot.url, stash)).result.reported?.code).to.equal(5031);
    const exposure = { total: '20000000000000', own: '5000000000000', others: [] };
    const ledger = { stash, total: 1, active: 1, unlocking: [], claimedRewards: [] };
    await polkadot.call('dev_setStorage', [
      {
        Staking: {
          Bonded: [[[stash], OTHER]],
          Ledger: [[[OTHER], ledger]],
          ErasStakers: [[[0, stash], exposure]],
        },
      },
    ]);
    const first = await nodeRound(polkadot.url, stash);
    const data = dataOf(first);
    expect(data).to.include({
      active: true,
      elected: true,
      disabled: false,
      current_era: 0,
      authored_blocks: 0,
    });
    expect(data['system_properties']).to.deep.equal({
      ss58Format: 0,
      tokenDecimals: [10],
      tokenSymbol: ['DOT'],
    });
    expect(data['controller_address']).to.equal(OTHER);
    expect(data['eras_stakers']).to.deep.equal({
      total: 20_000_000_000_000,
      own: 5_000_000_000_000,
      others: [],
    });
    expect(data['historical']).to.have.lengthOf(1);

    await polkadot.call('dev_newBlock', [{ count: 2 }]);
    const second = dataOf(await nodeRound(polkadot.url, stash, first.result.state ?? null));
    expect(Number(second['best_height']) - Number(data['best_height'])).to.equal(2);
    expect(second['historical']).to.have.lengthOf(2);
  });

  it('read the governance of Polkadot', async () => {
    expect(dataOf(await networkRound(polkadot.url))).to.deep.equal({
      grandpa_stalled: null,
      public_prop_count: 0,
      active_proposals: [],
      referendum_count: 0,
      active_referendums: [],
      all_referendums: {},
    });
    await polkadot.call('dev_setStorage', [{ Democracy: { ReferendumCount: 2, PublicPropCount: 7 } }]);
    expect(dataOf(await networkRound(polkadot.url))).to.include({
      referendum_count: 2,
      public_prop_count: 7,
    });
  });

  it('read a node of Rococo, which has no staking and hides nothing of its heights', async () => {
    const data = dataOf(await nodeRound(rococo.url));
    expect(data).to.include({ current_era: null, history_depth_eras: null, active: false });
    expect(data['current_session']).to.be.a('number');
    expect(data['best_height']).to.be.a('number').greaterThan(0);
    expect(dataOf(await networkRound(rococo.url))).to.include({ grandpa_stalled: null, referendum_count: 0 });
  });
});
