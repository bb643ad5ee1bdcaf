import type { JsonValue } from '@vedette/contract';
import type { MonitorDefinition } from '@vedette/monitor';
import { expect } from 'chai';
import { expectGolden } from '../../../test/support/golden.js';
import { playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { BROKEN, deadPort, startStub, type StubSource } from '../../../test/support/stub-source.js';
import {
  startStubChain,
  type ChainName,
  type Fault,
  type StubChain,
} from '../../../test/support/substrate-chain.js';
import { substrateNodeMonitor } from '../src/substrate-node/monitor.js';
import type { SubstrateNodeSettings } from '../src/substrate-node/settings.js';
import { ERA, NODE, OTHER, STASH, startStakingChain } from '../../../test/support/substrate-scenes.js';

const GOLDENS = 'packages/monitors-substrate/test/goldens/substrate-node';
const SHORT = { roundMs: 1_500, directMs: 600, callMs: 300 };
const PATIENT = { roundMs: 7_000, directMs: 5_000, callMs: 5_000 };

interface Options {
  readonly state?: JsonValue;
  readonly settings?: Partial<SubstrateNodeSettings>;
  readonly timeouts?: typeof PATIENT;
  readonly nowMs?: number;
}

describe('the Substrate node monitor', () => {
  const chains: StubChain[] = [];
  const stubs: StubSource[] = [];
  let monitor: MonitorDefinition<SubstrateNodeSettings> = substrateNodeMonitor(PATIENT);

  beforeEach(() => {
    monitor = substrateNodeMonitor(PATIENT);
  });
  afterEach(async () => {
    close();
    await Promise.all([...chains.splice(0), ...stubs.splice(0)].map((one) => one.close()));
  });

  const close = (): void => {
    void monitor.close?.({ monitor: NODE } as never);
  };
  const kept = async (started: Promise<StubChain>): Promise<StubChain> => {
    const chain = await started;
    chains.push(chain);
    return chain;
  };
  const staking = (name: ChainName = 'v15/polkadot', tag = 1): Promise<StubChain> =>
    kept(startStakingChain(name, tag));
  const source = (url: string, more: object = {}): SubstrateNodeSettings['dataSources'][number] => ({
    name: 'source',
    url,
    isArchiveNode: false,
    isValidator: false,
    verifyTls: true,
    ...more,
  });
  const round = (url: string, options: Options = {}): Promise<PlayedRound> => {
    if (options.timeouts !== undefined) monitor = substrateNodeMonitor(options.timeouts);
    return playRound(monitor, {
      settings: {
        url,
        verifyTls: true,
        isValidator: true,
        stashAddress: STASH,
        isArchiveNode: false,
        dataSources: [],
        ...options.settings,
      },
      monitor: NODE,
      state: options.state ?? null,
      ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
    });
  };
  const NON_VALIDATOR = { settings: { isValidator: false, stashAddress: '' } };
  /** Ports differ from run to run; a golden shows a fixed address. */
  const shown = (played: PlayedRound): string =>
    (played.texts[0] ?? '').replace(/ws:\/\/127\.0\.0\.1:\d+/g, 'ws://10.0.0.5:9944');
  interface Data {
    readonly [key: string]: JsonValue;
    readonly historical: {
      readonly height: number;
      readonly slashed: boolean;
      readonly is_offline: boolean;
    }[];
  }
  const dataOf = ({ texts }: PlayedRound): Data =>
    (JSON.parse(texts[0] ?? '') as { websocket: { result: { data: Data } } }).websocket.result.data;

  describe('on a chain of each generation', () => {
    const GENERATIONS: readonly (readonly [file: string, name: ChainName])[] = [
      ['validator-paged', 'v15/polkadot'],
      ['validator-paged-im-online', 'v15/substrate'],
      ['validator-v14', 'v14/substrate'],
      ['validator-unpaged', 'v12/substrate'],
    ];
    for (const [file, name] of GENERATIONS) {
      it(`publishes a validator of ${name} as PANIC would`, async () => {
        const chain = await staking(name);
        const played = await round(chain.url);
        expect(played.result.reported).to.equal(undefined);
        expect(played.result.messages[0]?.routingKey).to.equal('node.substrate');
        expectGolden(`${GOLDENS}/${file}`, shown(played));
      });
    }

    it('publishes a node that is no validator with constants in place of its stash', async () => {
      const chain = await staking('v15/kusama');
      expectGolden(`${GOLDENS}/non-validator`, shown(await round(chain.url, NON_VALIDATOR)));
    });

    it('publishes null for what a chain without staking does not have', async () => {
      const chain = await kept(startStubChain('v15/polkadot without Staking'));
      chain.set('session.currentIndex', [], 7);
      expectGolden(`${GOLDENS}/no-staking`, shown(await round(chain.url, NON_VALIDATOR)));
    });

    it('takes heights from head and health where system_syncState is hidden', async () => {
      const chain = await staking();
      chain.fault('system_syncState', { error: { code: -32601, message: 'Method not found' } });
      const played = await round(chain.url);
      expect(dataOf(played)).to.include({ best_height: 17_000_010, target_height: 17_000_010 });
      chain.isSyncing = true;
      const other = await staking('v15/polkadot');
      const syncing = await round(chain.url, { settings: { dataSources: [source(other.url)] } });
      expect(dataOf(syncing)).to.include({ best_height: 17_000_010, target_height: null });
      expectGolden(`${GOLDENS}/sync-state-hidden`, shown(syncing));
    });
  });

  it('tells slashes and offline reports of the stash only, as whole numbers of any size', async () => {
    const chain = await staking('v14/substrate');
    chain.setEvents(chain.finalized, [
      ['staking', 'Slashed', [STASH, '123456789012345678901']],
      ['staking', 'Slashed', [STASH, 1]],
      ['staking', 'Slashed', [OTHER, 5]],
      ['imOnline', 'SomeOffline', [[[STASH, { total: 1, own: 1, others: [] }]]]],
    ]);
    const played = await round(chain.url);
    expectGolden(`${GOLDENS}/slashed-and-offline`, shown(played));
    expect(played.result.facts).to.include({ slashed_blocks: 1, offline_blocks: 1, checked_blocks: 1 });
  });

  it('gives the same numbers as facts', async () => {
    const chain = await staking('v15/substrate');
    expect((await round(chain.url)).result.facts).to.include({
      best_height: 17_000_010,
      target_height: 17_000_011,
      finalized_height: 17_000_007,
      session_index: 7012,
      era_index: ERA,
      history_depth_eras: 84,
      is_active: 1,
      is_elected: 1,
      is_disabled: 0,
      has_sent_heartbeat: 1,
      authored_blocks: 3,
      unclaimed_eras: 2,
      previous_era_points: 19_800,
    });
  });

  const STANDINGS: readonly (readonly [
    what: string,
    change: (chain: StubChain) => void,
    expected: Readonly<Record<string, JsonValue>>,
  ])[] = [
    [
      'inactive, not elected',
      (chain) => {
        chain.set('session.validators', [], [OTHER]);
        chain.unset('staking.erasStakersOverview', [ERA + 1, STASH]);
      },
      { active: false, elected: false, disabled: false },
    ],
    [
      'active, and elected for want of another election',
      (chain) => {
        chain.unset('staking.erasStakersOverview', [ERA + 1, STASH]);
      },
      { active: true, elected: true },
    ],
    [
      'active, but not elected',
      (chain) => {
        chain.unset('staking.erasStakersOverview', [ERA + 1, STASH]);
        chain.set('staking.erasStakersOverview', [ERA + 1, OTHER], {
          total: 1,
          own: 1,
          nominatorCount: 0,
          pageCount: 0,
        });
      },
      { active: true, elected: false },
    ],
    [
      'disabled',
      (chain) => {
        chain.set('session.disabledValidators', [], [[1, 1_000_000]]);
      },
      { active: true, disabled: true },
    ],
    [
      'paid out in full for an era of two pages',
      (chain) => {
        chain.set('staking.claimedRewards', [1167, STASH], [0, 1]);
      },
      { unclaimed_rewards: [1168], claimed_rewards: [1085, 1086, 1167] },
    ],
    [
      'paid out in part',
      (chain) => {
        chain.set('staking.claimedRewards', [1167, STASH], [1]);
      },
      { unclaimed_rewards: [1167, 1168], claimed_rewards: [1085, 1086] },
    ],
    [
      'without points in the era before',
      (chain) => {
        chain.unset('staking.erasRewardPoints', [ERA - 1]);
      },
      { previous_era_rewards: 0 },
    ],
    [
      'without stake in the active era',
      (chain) => {
        chain.unset('staking.erasStakersOverview', [ERA, STASH]);
      },
      { eras_stakers: { total: 0, own: 0, others: [] } },
    ],
  ];
  for (const [what, change, expected] of STANDINGS) {
    it(`publishes a validator that is ${what}`, async () => {
      const chain = await staking();
      change(chain);
      const data = dataOf(await round(chain.url));
      for (const [key, value] of Object.entries(expected)) expect(data[key], key).to.deep.equal(value);
    });
  }

  describe('between rounds', () => {
    it('keeps its connection and the metadata, and asks for past eras once', async () => {
      const chain = await staking();
      const first = await round(chain.url);
      const asked = chain.calls.length;
      const { result } = await round(chain.url, { state: first.result.state ?? null });
      const methods = chain.calls.slice(asked).map(({ method }) => method);
      expect(methods).to.not.include('state_getMetadata').and.not.include('system_properties');
      expect(result.reported).to.equal(undefined);
      expect(chain.connections).to.equal(1);
      const keys = chain.calls
        .slice(asked)
        .flatMap(({ params }) => (Array.isArray(params[0]) ? params[0] : []));
      expect(keys).to.have.length.lessThan(30);
    });

    it('tells each height once, newest first, also over a restart', async () => {
      const chain = await staking();
      let state: JsonValue = null;
      const told: number[] = [];
      for (const finalized of [100, 103, 103, 101, 104]) {
        chain.finalized = finalized;
        // A monitor made anew, as after a restart.
        close();
        monitor = substrateNodeMonitor(PATIENT);
        const played: PlayedRound = await round(chain.url, { state });
        const heights = dataOf(played).historical.map(({ height }) => height);
        expect(heights).to.deep.equal([...heights].sort((one, other) => other - one));
        told.push(...heights);
        state = played.result.state ?? null;
      }
      expect(told).to.deep.equal([100, 103, 102, 101, 104]);
    });

    it('fetches the events of a block once', async () => {
      const chain = await staking();
      const first = await round(chain.url);
      chain.finalized += 50;
      const asked = chain.calls.length;
      await round(chain.url, { state: first.result.state ?? null });
      const hashes = chain.calls
        .slice(asked)
        .filter(({ method, params }) => method === 'state_queryStorageAt' && params.length === 2)
        .map(({ params }) => params[1]);
      expect(hashes).to.have.lengthOf(50);
      expect(new Set(hashes).size).to.equal(50);
    });

    it('reads old events with the types of their time', async () => {
      const chain = await staking();
      const first = await round(chain.url);
      chain.finalized += 4;
      chain.oldSpecVersion = 999;
      chain.specVersionSince = chain.finalized - 1;
      const asked = chain.calls.length;
      const { result } = await round(chain.url, { state: first.result.state ?? null });
      expect(result.reported).to.equal(undefined);
      const metadata = chain.calls.slice(asked).filter(({ method }) => method === 'state_getMetadata');
      expect(metadata.map(({ params }) => params.length)).to.deep.equal([1]);
    });

    it('loads new metadata when the chain is upgraded', async () => {
      const chain = await staking();
      const first = await round(chain.url);
      chain.specVersion += 1;
      const asked = chain.calls.length;
      const { result } = await round(chain.url, { state: first.result.state ?? null });
      expect(result.reported).to.equal(undefined);
      expect(
        chain.calls.slice(asked).filter(({ method }) => method === 'state_getMetadata'),
      ).to.have.lengthOf(1);
    });

    it('goes on after its connection was cut, in the same round', async () => {
      const chain = await staking();
      const first = await round(chain.url);
      chain.cut();
      const { result } = await round(chain.url, { state: first.result.state ?? null });
      expect(result.reported).to.equal(undefined);
      expect(chain.connections).to.equal(1);
    });

    it('notices a connection that fell silent and opens another', async () => {
      const chain = await staking();
      monitor = substrateNodeMonitor({ ...PATIENT, directMs: 4_000, callMs: 500 });
      const first = await round(chain.url);
      chain.freeze();
      const { result } = await round(chain.url, { state: first.result.state ?? null });
      expect(result.reported).to.equal(undefined);
    });

    it('reads any old or foreign state', async () => {
      const chain = await staking();
      const STATES: JsonValue[] = [
        7,
        'x',
        [],
        { lastHeight: -1, pages: 3, eras: { pages: { x: 1, 5: 'a' }, claimed: [null, 'y'] } },
        { genesis: '0x00', stash: 1, lastUrl: {}, properties: { value: 1, atMs: 'x' }, rewards: [] },
      ];
      for (const state of STATES) {
        expect((await round(chain.url, { state })).result.reported).to.equal(undefined);
      }
    });

    it('starts afresh on another chain', async () => {
      const [one, other] = [await staking('v15/polkadot', 1), await staking('v15/polkadot', 2)];
      const { result } = await round(one.url);
      other.finalized = 50;
      const data = dataOf(await round(other.url, { state: result.state ?? null }));
      expect(data.historical.map(({ height }) => height)).to.deep.equal([50]);
    });
  });

  describe('with data sources', () => {
    it('asks the first that is synced and of its chain, and remembers it', async () => {
      const [own, syncing, foreign, good] = [
        await staking(),
        await staking(),
        await staking('v15/polkadot', 9),
        await staking(),
      ];
      syncing.isSyncing = true;
      good.set('session.currentIndex', [], 8_000);
      const dead = source(`ws://127.0.0.1:${await deadPort()}`);
      const dataSources = [dead, ...[syncing, foreign, good].map(({ url }) => source(url))];
      const played = await round(own.url, { settings: { dataSources } });
      expect(dataOf(played)['current_session']).to.equal(8_000);
      expect(played.result.state).to.include({ lastUrl: good.url });
      const asked = syncing.calls.length;
      await round(own.url, { settings: { dataSources }, state: played.result.state ?? null });
      expect(syncing.calls).to.have.lengthOf(asked);
    });

    it('asks validators only when no other node can serve, also if one did last', async () => {
      const [own, validator, plain] = [await staking(), await staking(), await staking()];
      const dataSources = [source(validator.url, { isValidator: true }), source(plain.url)];
      plain.isSyncing = true;
      const first = await round(own.url, { settings: { dataSources } });
      expect(first.result.state).to.include({ lastUrl: validator.url });
      plain.isSyncing = false;
      const second = await round(own.url, { settings: { dataSources }, state: first.result.state ?? null });
      expect(second.result.state).to.include({ lastUrl: plain.url });
    });

    it('falls back to itself last of all', async () => {
      const own = await staking();
      const dataSources = [source(`ws://127.0.0.1:${await deadPort()}`)];
      const { result } = await round(own.url, { settings: { dataSources } });
      expect(result.state).to.include({ lastUrl: own.url });
    });

    it('goes on with the next when the chosen one fails half way', async () => {
      const [own, failing, good] = [await staking(), await staking(), await staking()];
      failing.fault('state_queryStorageAt', 'drop');
      const dataSources = [source(failing.url), source(good.url)];
      const { result } = await round(own.url, { settings: { dataSources } });
      expect(result.state).to.include({ lastUrl: good.url });
    });

    it('asks an archive node about blocks, and catches up further with it', async () => {
      const [own, archive] = [await staking(), await staking()];
      own.isSyncing = true;
      const dataSources = [source(archive.url, { isArchiveNode: true })];
      const first = await round(own.url, { settings: { dataSources } });
      archive.finalized += 400;
      const played = await round(own.url, { settings: { dataSources }, state: first.result.state ?? null });
      expect(dataOf(played).historical).to.have.lengthOf(300);
      expect(dataOf(played).historical[0]?.height).to.equal(archive.finalized);
    });

    it('does not wait for a slow one beyond its share', async () => {
      const [own, slow] = [await staking(), await staking()];
      slow.fault('system_health', 'never');
      const dataSources = [source(slow.url)];
      const timeouts = { ...PATIENT, callMs: 1_000 };
      const { result } = await round(own.url, { settings: { dataSources }, timeouts });
      expect(result.state).to.include({ lastUrl: own.url });
    });
  });

  describe('when something fails', () => {
    it('reports 5015 for a node that is down', async () => {
      const played = await round(`ws://127.0.0.1:${await deadPort()}`);
      expect(played.result.reported?.code).to.equal(5015);
      expectGolden(`${GOLDENS}/unreachable`, shown(played));
    });

    for (const url of ['', '10.0.0.5:9944', 'localhost:9944', 'ws://', 'ws://no.such.host.invalid:1']) {
      it(`reports 5015 for the URL ${JSON.stringify(url)}`, async () => {
        expect((await round(url)).result.reported?.code).to.equal(5015);
      });
    }

    it('reports 5019 when no source is synced', async () => {
      const chain = await staking();
      chain.isSyncing = true;
      const played = await round(chain.url);
      expect(played.result.reported?.code).to.equal(5019);
      expectGolden(`${GOLDENS}/no-synced-source`, shown(played));
    });

    it('reports 5031 for a query the node answers with an error', async () => {
      const chain = await staking();
      chain.fault('state_queryStorageAt', {
        error: { code: -32000, message: 'Client error: out of memory' },
      });
      const played = await round(chain.url);
      expect(played.result.reported?.code).to.equal(5031);
      expectGolden(`${GOLDENS}/call-failed`, shown(played));
    });

    it('reports 5033 for an answer that lacks what it should have', async () => {
      const chain = await staking();
      chain.unset('staking.activeEra', []);
      const played = await round(chain.url);
      expect(played.result.reported?.code).to.equal(5033);
      expectGolden(`${GOLDENS}/not-obtained`, shown(played));
    });

    const STASHES: readonly (readonly [why: string, stashAddress: string, name: ChainName])[] = [
      ['a stash that is not bonded', OTHER, 'v15/polkadot'],
      ['a stash that is no address', 'not an address', 'v15/polkadot'],
      ['a validator of a chain without staking', STASH, 'v15/polkadot without Staking'],
      ['a validator of a chain from before active eras', STASH, 'v9/substrate'],
    ];
    for (const [why, stashAddress, name] of STASHES) {
      it(`reports 5031 for ${why}`, async () => {
        const chain = await (name === 'v15/polkadot' ? staking() : kept(startStubChain(name)));
        if (name !== 'v15/polkadot') chain.set('session.currentIndex', [], 7);
        expect((await round(chain.url, { settings: { stashAddress } })).result.reported?.code).to.equal(5031);
      });
    }

    for (const kind of Object.keys(BROKEN) as (keyof typeof BROKEN)[]) {
      it(`reports 5015 for a node that is broken by: ${kind}`, async () => {
        const stub = await startStub(BROKEN[kind]);
        stubs.push(stub);
        const played = await round(stub.url.replace('http', 'ws'), { timeouts: SHORT });
        expect(played.result.reported?.code).to.equal(5015);
        expect(played.texts[0]).to.match(/"is_validator": true, "stash_address": "15oF/);
      });
    }

    it('reports 5015 for TLS where there is none', async () => {
      const chain = await staking();
      expect((await round(chain.url.replace('ws:', 'wss:'))).result.reported?.code).to.equal(5015);
    });

    /** What a node does at one call: at the handshake, of itself, when chosen, of the chain. */
    const FAULTS: readonly (readonly [what: string, method: string, fault: Fault, code: number])[] = [
      ['an error at the handshake', 'chain_getBlockHash', { error: { code: -32601, message: 'no' } }, 5015],
      ['silence at the handshake', 'state_getRuntimeVersion', 'never', 5015],
      ['garbage at the handshake', 'state_getRuntimeVersion', 'garbage', 5015],
      ['no genesis', 'chain_getBlockHash', { result: null }, 5015],
      ['no version', 'state_getRuntimeVersion', { result: {} }, 5015],
      [
        'a version in another form',
        'state_getRuntimeVersion',
        { result: { specName: 1, specVersion: 'x' } },
        5015,
      ],
      ['dropping the line at the finalized head', 'chain_getFinalizedHead', 'drop', 5015],
      ['silence about the finalized head', 'chain_getFinalizedHead', 'never', 5031],
      [
        'an error about the finalized head',
        'chain_getFinalizedHead',
        { error: { code: 1, message: 'no' } },
        5031,
      ],
      ['garbage for the finalized head', 'chain_getFinalizedHead', 'garbage', 5033],
      ['invalid UTF-8 for the finalized head', 'chain_getFinalizedHead', 'binary garbage', 5033],
      ['an answer without a result', 'chain_getFinalizedHead', 'no result', 5033],
      ['an answer of 10 MB', 'chain_getFinalizedHead', 'too large', 5033],
      ['null for the finalized head', 'chain_getFinalizedHead', { result: null }, 5033],
      ['null for a header', 'chain_getHeader', { result: null }, 5033],
      ['a height that is no number', 'chain_getHeader', { result: { number: 'many' } }, 5033],
      ['null for the sync state', 'system_syncState', { result: null }, 5033],
      ['null for its health', 'system_health', { result: null }, 5019],
      ['an error about its health', 'system_health', { error: { code: 1, message: 'no' } }, 5019],
      ['no metadata', 'state_getMetadata', { result: null }, 5033],
      ['metadata that does not decode', 'state_getMetadata', { result: '0x6d65746163' }, 5033],
      ['an error about metadata', 'state_getMetadata', { error: { code: 1, message: 'no' } }, 5031],
      ['null for storage', 'state_queryStorageAt', { result: null }, 5033],
      ['storage in another form', 'state_queryStorageAt', { result: [{ changes: [[1, 2]] }] }, 5033],
      ['silence about storage', 'state_queryStorageAt', 'never', 5031],
      ['dropping the line at storage', 'state_queryStorageAt', 'drop', 5031],
    ];
    for (const [what, method, fault, code] of FAULTS) {
      it(`reports ${String(code)} for a node that gives ${what}`, async () => {
        const chain = await staking();
        chain.fault(method, fault);
        const timeouts = fault === 'never' ? { ...PATIENT, callMs: 400, directMs: 1_500 } : PATIENT;
        expect((await round(chain.url, { timeouts })).result.reported?.code).to.equal(code);
      });
    }

    it('takes numbers as text and text as numbers where PANIC does', async () => {
      const chain = await staking();
      chain.fault('system_syncState', { result: { currentBlock: '0x64', highestBlock: '101' } });
      expect(dataOf(await round(chain.url))).to.include({ best_height: 100, target_height: 101 });
    });

    it('keeps what it knew through a failure, and no connection after its close', async () => {
      const chain = await staking();
      const first = await round(chain.url);
      chain.fault('state_queryStorageAt', { error: { code: 1, message: 'no' } });
      const failed = await round(chain.url, { state: first.result.state ?? null });
      expect(failed.result.state).to.deep.equal(first.result.state);
      close();
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (chain.connections === 0) resolve();
          else setImmediate(look);
        };
        look();
      });
    });

    it('throws on when the round is aborted', async () => {
      const chain = await staking();
      chain.fault('chain_getFinalizedHead', 'never');
      const controller = new AbortController();
      const reason = new Error('enough');
      const playing = playRound(monitor, {
        settings: {
          url: chain.url,
          verifyTls: true,
          isValidator: false,
          stashAddress: '',
          isArchiveNode: false,
          dataSources: [],
        },
        monitor: NODE,
        signal: controller.signal,
      });
      controller.abort(reason);
      expect(
        await playing.then(
          () => null,
          (error: unknown) => error,
        ),
      ).to.equal(reason);
    });
  });
});
