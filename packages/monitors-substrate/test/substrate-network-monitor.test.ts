import type { JsonValue } from '@vedette/contract';
import type { MonitorDefinition } from '@vedette/monitor';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expectGolden } from '../../../test/support/golden.js';
import { playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { BROKEN, deadPort, startStub, type StubSource } from '../../../test/support/stub-source.js';
import {
  startStubChain,
  type ChainName,
  type Fault,
  type StubChain,
} from '../../../test/support/substrate-chain.js';
import { substrateNetworkMonitor } from '../src/substrate-network/monitor.js';
import type { SubstrateNetworkSettings } from '../src/substrate-network/settings.js';
import { isPassing, squareRoot } from '../src/substrate-network/votes.js';
import { NETWORK, STASH, startGovernedChain } from '../../../test/support/substrate-scenes.js';

const GOLDENS = 'packages/monitors-substrate/test/goldens/substrate-network';
const SHORT = { roundMs: 1_200, callMs: 300 };
const PATIENT = { roundMs: 7_000, callMs: 5_000 };

interface Derived {
  readonly proposals: Record<string, JsonValue>[];
  readonly referenda: Record<string, JsonValue>[];
}

async function derive(url: string): Promise<Derived> {
  const script = fileURLToPath(new URL('./fixtures/derive.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, url], { timeout: 40_000 });
  return JSON.parse(stdout.slice(stdout.indexOf('{"proposals'))) as Derived;
}

describe('the Substrate network monitor', () => {
  const chains: StubChain[] = [];
  const stubs: StubSource[] = [];
  let monitor: MonitorDefinition<SubstrateNetworkSettings> = substrateNetworkMonitor(PATIENT);

  beforeEach(() => {
    monitor = substrateNetworkMonitor(PATIENT);
  });
  afterEach(async () => {
    close();
    await Promise.all([...chains.splice(0), ...stubs.splice(0)].map((one) => one.close()));
  });

  const close = (): void => {
    void monitor.close?.({ monitor: NETWORK } as never);
  };
  const governed = async (name: ChainName = 'v15/substrate', tag = 1): Promise<StubChain> => {
    const chain = await startGovernedChain(name, tag);
    chains.push(chain);
    return chain;
  };
  const bare = async (name: ChainName): Promise<StubChain> => {
    const chain = await startStubChain(name);
    chains.push(chain);
    return chain;
  };
  const round = (
    urls: readonly string[],
    {
      state = null,
      governanceAddresses = [STASH],
      timeouts,
    }: {
      readonly state?: JsonValue;
      readonly governanceAddresses?: string[];
      readonly timeouts?: typeof PATIENT;
    } = {},
  ): Promise<PlayedRound> => {
    if (timeouts !== undefined) monitor = substrateNetworkMonitor(timeouts);
    const dataSources = urls.map((url) => ({
      name: 'source',
      url,
      isArchiveNode: false,
      isValidator: false,
      verifyTls: true,
    }));
    return playRound(monitor, { settings: { dataSources, governanceAddresses }, monitor: NETWORK, state });
  };
  const shown = (played: PlayedRound): string =>
    (played.texts[0] ?? '').replace(/ws:\/\/127\.0\.0\.1:\d+/g, 'ws://10.0.0.5:9944');
  interface Data {
    readonly grandpa_stalled: JsonValue;
    readonly active_proposals: Record<string, JsonValue>[];
    readonly active_referendums: Record<string, JsonValue>[];
    readonly all_referendums: Record<string, JsonValue>;
  }
  const dataOf = ({ texts }: PlayedRound): Data =>
    (JSON.parse(texts[0] ?? '') as { websocket: { result: { data: Data } } }).websocket.result.data;

  for (const [file, name] of [
    ['governance-bounded-calls', 'v15/substrate'],
    ['governance-call-hashes', 'v12/substrate'],
  ] as const) {
    it(`publishes proposals, referenda and votes of ${name} as PANIC would`, async () => {
      const chain = await governed(name);
      const played = await round([chain.url]);
      expect(played.result.reported).to.equal(undefined);
      expect(played.result.messages[0]?.routingKey).to.equal('network.substrate');
      expectGolden(`${GOLDENS}/${file}`, shown(played));
    });

    it(`says of ${name} what the SDK's own derivation says, which PANIC publishes`, async () => {
      const chain = await governed(name);
      const data = dataOf(await round([chain.url]));
      const { proposals, referenda } = await derive(chain.url);
      for (const [index, proposal] of proposals.entries()) {
        const ours = data.active_proposals[index];
        for (const key of ['index', 'balance', 'imageHash', 'proposer', 'seconds']) {
          expect(ours?.[key], key).to.deep.equal(proposal[key]);
        }
      }
      expect(data.active_proposals).to.have.lengthOf(proposals.length);
      expect(data.active_referendums).to.have.lengthOf(referenda.length);
      for (const [index, referendum] of referenda.entries()) {
        const ours = data.active_referendums[index];
        for (const key of ['index', 'imageHash', 'voteCount', 'voteCountAye', 'voteCountNay', 'isPassing']) {
          expect(ours?.[key], key).to.deep.equal(referendum[key]);
        }
        const votes = (list: JsonValue | undefined): string[] =>
          (list as Record<string, JsonValue>[])
            .map(({ accountId, isDelegating, vote, balance }) =>
              JSON.stringify([accountId, isDelegating, vote, balance]),
            )
            .sort();
        expect(votes(ours?.['votes'])).to.deep.equal(votes(referendum['votes']));
      }
    });
  }

  it('publishes empty governance for a chain without democracy', async () => {
    const chain = await bare('v15/polkadot');
    const played = await round([chain.url]);
    expectGolden(`${GOLDENS}/no-democracy`, shown(played));
    expect(played.result.facts).to.include({ has_democracy: 0, is_grandpa_stalled: 0 });
  });

  it('publishes stalled finality, and null for a chain without grandpa', async () => {
    const chain = await bare('v15/polkadot');
    chain.set('grandpa.stalled', [], [10, 17_000_000]);
    const played = await round([chain.url]);
    expectGolden(`${GOLDENS}/grandpa-stalled`, shown(played));
    expect(played.result.facts).to.include({ is_grandpa_stalled: 1 });
    const other = await bare('v15/polkadot without Grandpa');
    expect(dataOf(await round([other.url])).grandpa_stalled).to.equal(null);
  });

  it('publishes one empty address for none, as PANIC does', async () => {
    const chain = await bare('v15/polkadot');
    const { texts } = await round([chain.url], { governanceAddresses: [] });
    expect(texts[0]).to.include('"governance_addresses": [""]');
  });

  it('reads referenda that are over once, keeps gone ones as null, and starts afresh on another chain', async () => {
    const chain = await governed();
    const first = await round([chain.url]);
    const asked = chain.calls.length;
    const second = await round([chain.url], { state: first.result.state ?? null });
    expect(shown(second)).to.equal(shown(first));
    expect(dataOf(second).all_referendums['2']).to.equal(null);
    const infoKeys = (from: number): number =>
      chain.calls.slice(from).filter(({ params }) => Array.isArray(params[0]) && params[0].length === 2)
        .length;
    expect(infoKeys(asked)).to.be.greaterThan(0);
    const other = await governed('v15/substrate', 2);
    other.set('democracy.referendumInfoOf', [0], { Finished: { approved: false, end: 5 } });
    const elsewhere = await round([other.url], { state: second.result.state ?? null });
    expect(dataOf(elsewhere).all_referendums['0']).to.deep.equal({ finished: { approved: false, end: 5 } });
  });

  it('gives the same numbers as facts', async () => {
    const chain = await governed();
    expect((await round([chain.url])).result.facts).to.include({
      public_proposals: 16,
      active_proposals: 2,
      referendums: 4,
      active_referendums: 1,
      finished_referendums: 2,
      has_democracy: 1,
    });
  });

  it('reads any old or foreign state', async () => {
    const chain = await governed();
    const STATES: JsonValue[] = [
      3,
      [],
      { finished: 7 },
      { genesis: 'x', finished: { a: 1, 0: { finished: 1 } } },
    ];
    for (const state of STATES) {
      expect((await round([chain.url], { state })).result.reported).to.equal(undefined);
    }
  });

  it('passes over nodes that are down or syncing, and prefers the last good one', async () => {
    const [syncing, good] = [await governed(), await governed()];
    syncing.isSyncing = true;
    const urls = [`ws://127.0.0.1:${await deadPort()}`, syncing.url, good.url];
    const { result } = await round(urls);
    expect(result.state).to.include({ lastUrl: good.url });
    const asked = syncing.calls.length;
    await round(urls, { state: result.state ?? null });
    expect(syncing.calls).to.have.lengthOf(asked);
  });

  it('goes on with the next node when the chosen one fails half way', async () => {
    const [failing, good] = [await governed(), await governed()];
    failing.fault('state_queryStorageAt', 'drop');
    const { result } = await round([failing.url, good.url]);
    expect(result.state).to.include({ lastUrl: good.url });
  });

  it('reports 5019 when no node can serve', async () => {
    const played = await round([`ws://127.0.0.1:${await deadPort()}`]);
    expect(played.result.reported?.code).to.equal(5019);
    expectGolden(`${GOLDENS}/no-synced-source`, shown(played));
  });

  it('reports 5031 for a query the node answers with an error', async () => {
    const chain = await governed();
    chain.fault('state_queryStorageAt', { error: { code: -32000, message: 'Client error: out of memory' } });
    const played = await round([chain.url]);
    expect(played.result.reported?.code).to.equal(5031);
    expectGolden(`${GOLDENS}/call-failed`, shown(played));
  });

  it('reports 5034 for an answer of the wrong form', async () => {
    const chain = await governed();
    chain.fault('state_queryStorageAt', { result: [] });
    const played = await round([chain.url]);
    expect(played.result.reported?.code).to.equal(5034);
    expectGolden(`${GOLDENS}/not-obtained`, shown(played));
  });

  for (const kind of Object.keys(BROKEN) as (keyof typeof BROKEN)[]) {
    it(`reports 5019 for a node that is broken by: ${kind}`, async () => {
      const stub = await startStub(BROKEN[kind]);
      stubs.push(stub);
      const { result } = await round([stub.url.replace('http', 'ws')], { timeouts: SHORT });
      expect(result.reported?.code).to.equal(5019);
    });
  }

  it('reports 5019 for a URL without a scheme, and for TLS where there is none', async () => {
    const chain = await governed();
    for (const url of ['10.0.0.5:9944', '', chain.url.replace('ws:', 'wss:')]) {
      expect((await round([url])).result.reported?.code).to.equal(5019);
    }
  });

  const FAULTS: readonly (readonly [what: string, method: string, fault: Fault, code: number])[] = [
    ['null for its health', 'system_health', { result: null }, 5019],
    ['a word for its health', 'system_health', { result: { isSyncing: 'false' } }, 5019],
    ['silence about storage', 'state_queryStorageAt', 'never', 5031],
    ['dropping the line at storage', 'state_queryStorageAt', 'drop', 5031],
    ['garbage for storage', 'state_queryStorageAt', 'garbage', 5034],
    ['an answer of 10 MB', 'state_queryStorageAt', 'too large', 5034],
    ['an answer without a result', 'state_queryStorageAt', 'no result', 5034],
    ['null for a list of keys', 'state_getKeysPaged', { result: null }, 5034],
    ['no metadata', 'state_getMetadata', { result: 5 }, 5034],
  ];
  for (const [what, method, fault, code] of FAULTS) {
    it(`reports ${String(code)} for a node that gives ${what}`, async () => {
      const chain = await governed();
      chain.fault(method, fault);
      const timeouts = fault === 'never' ? { roundMs: 4_000, callMs: 600 } : PATIENT;
      expect((await round([chain.url], { timeouts })).result.reported?.code).to.equal(code);
    });
  }

  it('reports 5031 for a chain whose democracy lacks a part', async () => {
    const chain = await bare('v9/substrate');
    chain.set('democracy.referendumCount', [], 1);
    chain.set('democracy.referendumInfoOf', [0], {
      Ongoing: {
        end: 5,
        proposalHash: `0x${'0a'.repeat(32)}`,
        threshold: 'SimpleMajority',
        delay: 1,
        tally: { ayes: 1, nays: 0, turnout: 1 },
      },
    });
    expect((await round([chain.url])).result.reported?.code).to.equal(5031);
  });

  it('judges referenda as the runtime does', () => {
    const tally = (ayes: bigint, nays: bigint, turnout: bigint) => ({ ayes, nays, turnout });
    const ROWS: readonly (readonly [string, ReturnType<typeof tally>, bigint, boolean])[] = [
      ['SimpleMajority', tally(2n, 1n, 3n), 0n, true],
      ['SimpleMajority', tally(1n, 1n, 2n), 100n, false],
      ['SuperMajorityApprove', tally(60n, 50n, 110n), 220n, false],
      ['SuperMajorityApprove', tally(100n, 50n, 150n), 210n, true],
      ['SuperMajorityAgainst', tally(50n, 60n, 110n), 220n, true],
      ['SuperMajorityAgainst', tally(0n, 0n, 0n), 220n, false],
    ];
    for (const [threshold, counted, electorate, expected] of ROWS) {
      expect(isPassing(threshold, counted, electorate), threshold).to.equal(expected);
    }
    const large = 123_456_789_012_345_678_901n;
    expect(squareRoot(large * large)).to.equal(large);
    expect(squareRoot(large * large - 1n)).to.equal(large - 1n);
  });
});
