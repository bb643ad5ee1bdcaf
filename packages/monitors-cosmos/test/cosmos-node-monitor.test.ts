import { VedetteError, type JsonValue } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { expectGolden } from '../../../test/support/golden.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { answer, BROKEN, deadPort, startStub, type Behaviour } from '../../../test/support/stub-source.js';
import defaultMonitor, { cosmosNodeMonitor } from '../src/cosmos-node/monitor.js';
import type { CosmosNodeSettings, DataSource } from '../src/cosmos-node/settings.js';
import { jsonAnswer, PAGE, startRest, startRpc, type Answering } from '../../../test/support/cosmos-stub.js';
import { CosmosChain, type ChainOptions } from '../../../test/support/cosmos-chain.js';
import { OPERATOR, type RestOptions } from '../../../test/support/cosmos-rest.js';

const GOLDENS = 'packages/monitors-cosmos/test/goldens/cosmos-node';
const NODE = identity('cosmos-node', 'atom-val-1', 'Node monitor (atom-val-1)', 'node_1');
/** Sources that must run into the deadline: a short one there, a patient one for those that answer. */
const SILENT = ['black hole', 'slow drip'];
const SHORT = { budgetMs: 800, requestMs: 250, probeMs: 150 };
const PATIENT = { budgetMs: 25_000, requestMs: 20_000, probeMs: 10_000 };
/** A machine that does much else may take its time; what hangs is caught all the same. */
const DEADLINE_MS = 28_000;
const OFF: CosmosNodeSettings = {
  prometheusUrl: null,
  restUrl: null,
  rpcUrl: null,
  isValidator: true,
  operatorAddress: OPERATOR,
  isArchive: false,
  dataSources: [],
  verifyTls: false,
};

interface Historical {
  readonly height: number;
  readonly active_in_prev_block: boolean;
  readonly signed_prev_block: boolean;
  readonly slashed: boolean;
  readonly slashed_amount: number | null;
}
interface Envelope {
  readonly result?: {
    readonly meta_data: Record<string, unknown>;
    readonly data: { readonly historical: Historical[] };
  };
  readonly error?: { readonly code: number; readonly message: string };
}
type Body = Readonly<Record<'prometheus' | 'cosmos_rest' | 'tendermint_rpc', Envelope>>;

export interface Options {
  readonly state?: JsonValue;
  readonly timeouts?: typeof PATIENT;
  readonly signal?: AbortSignal;
}

function round(settings: Partial<CosmosNodeSettings>, options: Options = {}): Promise<PlayedRound> {
  const { state = null, timeouts = PATIENT, signal } = options;
  return playRound(cosmosNodeMonitor(timeouts), {
    settings: { ...OFF, ...settings } as CosmosNodeSettings,
    monitor: NODE,
    state,
    deadlineMs: DEADLINE_MS,
    ...(signal === undefined ? {} : { signal }),
  });
}

function bodyOf(played: PlayedRound): Body {
  return JSON.parse(played.texts[0] ?? '') as Body;
}
const heightsOf = (played: PlayedRound): number[] =>
  bodyOf(played).tendermint_rpc.result?.data.historical.map(({ height }) => height) ?? [];
const codesOf = (played: PlayedRound): (number | null)[] =>
  Object.values(bodyOf(played)).map((envelope: Envelope) => envelope.error?.code ?? null);
const source = (fields: Partial<DataSource>): DataSource => ({
  restUrl: null,
  rpcUrl: null,
  isValidator: false,
  isArchive: false,
  ...fields,
});
/** The port differs from run to run; a golden shows a fixed address. */
const shown = (played: PlayedRound): string =>
  (played.texts[0] ?? '').replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://10.1.0.11:1317');

describe('the Cosmos node monitor', function () {
  this.timeout(DEADLINE_MS + 2_000);
  const stubs: { close(): Promise<void> }[] = [];
  const kept = (answering: Answering): Answering => {
    stubs.push(answering.source);
    return answering;
  };
  const rpc = async (chain: CosmosChain | ChainOptions = {}, options = {}): Promise<Answering> =>
    kept(await startRpc(chain, options));
  const rest = async (options: RestOptions = {}, more = {}): Promise<Answering> =>
    kept(await startRest(options, more));
  const behaving = async (behaviour: Behaviour): Promise<string> => {
    const stub = await startStub(behaviour);
    stubs.push(stub);
    return stub.url;
  };
  const dead = async (): Promise<string> => `http://127.0.0.1:${await deadPort()}`;
  const page = (text = PAGE): Promise<string> => behaving(answer(text));

  afterEach(async () => {
    closeHttp();
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  describe('publishes', () => {
    it('all three sources of a validator, one height at the start', async () => {
      const played = await round({
        prometheusUrl: await page(),
        restUrl: (await rest()).url,
        rpcUrl: (await rpc()).url,
      });
      expect(played.result.messages.map(({ routingKey }) => routingKey)).to.deep.equal(['node.cosmos']);
      expectGolden(`${GOLDENS}/result`, shown(played));
      expect(played.logs).to.deep.equal([]);
      expect(played.result.facts).to.include({
        height: 15_600_002,
        validator_power: 410_200,
        is_bonded: 1,
        is_jailed: 0,
        is_syncing: 0,
        source_height: 1_000,
        blocks_checked: 1,
        blocks_missed: 0,
      });
    });

    it('new heights newest first: signed, missed and slashed ones, and what was burned', async () => {
      const chain = { missed: [998], slashes: { 999: [2_000n, 500n], 998: [null], 1000: [10n ** 24n] } };
      const { url } = await rpc(chain);
      const played = await round({ rpcUrl: url }, { state: { rpc: { lastHeight: 996, chainId: 'test-1' } } });
      expectGolden(`${GOLDENS}/historical`, shown(played));
      expect(played.result.facts).to.include({ blocks_checked: 4, blocks_missed: 1, blocks_slashed: 3 });
    });

    it('a validator that left the set as not active, which is no miss', async () => {
      const { url } = await rpc({ inactiveFrom: 998 });
      const played = await round({ rpcUrl: url }, { state: { rpc: { lastHeight: 996, chainId: 'test-1' } } });
      expectGolden(`${GOLDENS}/inactive`, shown(played));
      expect(played.result.facts).to.include({ blocks_checked: 4, blocks_missed: 0 });
    });

    it('a node that is no validator: constants, and no blocks asked for', async () => {
      const [server, chain] = [await rest(), await rpc()];
      const settings = { isValidator: false, operatorAddress: '', restUrl: server.url, rpcUrl: chain.url };
      const played = await round({
        ...settings,
        prometheusUrl: await page(PAGE.replace(/^.*power\{.*$/m, '')),
      });
      expectGolden(`${GOLDENS}/non-validator`, shown(played));
      expect(chain.paths()).to.deep.equal(['/status']);
      expect(server.paths().filter((path) => path.includes('staking'))).to.deep.equal([]);
    });

    it('whether a mev-tendermint node is peered with its relayer', async () => {
      const played = await round({ rpcUrl: (await rpc({ isPeered: false })).url });
      expectGolden(`${GOLDENS}/mev`, shown(played));
    });

    for (const mev of [null, {}, { is_peered_with_relayer: 'yes' }]) {
      it(`the rest when mev_info is ${JSON.stringify(mev)}`, async () => {
        const chain = new CosmosChain();
        const status = { ...(chain.rpc('status', {}) as { result: object }).result, mev_info: mev };
        const instead = (path: string): Behaviour | null =>
          path === '/status' ? jsonAnswer({ jsonrpc: '2.0', id: -1, result: status }) : null;
        const played = await round({ rpcUrl: (await rpc(chain, { instead })).url });
        expect(bodyOf(played).tendermint_rpc.result?.meta_data['is_mev_tendermint_node']).to.equal(false);
      });
    }

    it('a syncing node as syncing, with the blocks of a source', async () => {
      const [own, other] = [await rpc({ isSyncing: true, height: 5 }), await rpc()];
      const played = await round({ rpcUrl: own.url, dataSources: [source({ rpcUrl: other.url })] });
      expectGolden(`${GOLDENS}/syncing`, shown(played));
    });

    it('nothing signed and no address for a node without consensus key, and asks for no more than a block', async () => {
      const chain = await rpc({ address: '' });
      const played = await round({ rpcUrl: chain.url });
      expectGolden(`${GOLDENS}/no-consensus-address`, shown(played));
      expect(chain.paths()).to.have.members(['/status', '/block']);
    });

    const ON = ['prometheusUrl', 'restUrl', 'rpcUrl'] as const;
    for (const combination of [['prometheusUrl'], ['restUrl'], ['rpcUrl'], ['restUrl', 'rpcUrl']] as const) {
      it(`{} for every source but ${combination.join(' and ')}`, async () => {
        const urls = { prometheusUrl: await page(), restUrl: (await rest()).url, rpcUrl: (await rpc()).url };
        const chosen = Object.fromEntries(combination.map((name) => [name, urls[name]]));
        const played = await round(chosen);
        expectGolden(`${GOLDENS}/only-${combination.join('-')}`.replace(/Url/g, ''), shown(played));
        const isOff = ON.map((name) => !(combination as readonly string[]).includes(name));
        expect(Object.values(bodyOf(played)).map((one) => Object.keys(one).length === 0)).to.deep.equal(
          isOff,
        );
      });
    }

    for (const generation of ['0.34', '0.37', '0.38'] as const) {
      it(`slashes of generation ${generation}, whatever its events look like`, async () => {
        const { url } = await rpc({ generation, slashes: { 1000: [2_500n] } });
        const [entry] = bodyOf(await round({ rpcUrl: url })).tendermint_rpc.result?.data.historical ?? [];
        expect(entry).to.include({ slashed: true, slashed_amount: 2_500 });
      });
    }

    for (const sdk of ['0.39', '0.42', '0.47', '0.50'] as const) {
      it(`the bond status from a server of SDK ${sdk}, and goes to its route at once the next time`, async () => {
        const server = await rest({ sdk, bondStatus: 1, isJailed: true });
        const first = await round({ restUrl: server.url });
        expect(bodyOf(first).cosmos_rest.result?.data).to.deep.equal({
          bond_status: 'unbonding',
          jailed: true,
        });
        const asked = server.paths().length;
        await round({ restUrl: server.url }, { state: first.result.state ?? null });
        expect(server.paths().length - asked).to.equal(2);
      });
    }

    it('a page whose metrics carry the prefix of CometBFT, under the names PANIC knows', async () => {
      const played = await round({ prometheusUrl: await page(PAGE.replaceAll('tendermint_', 'cometbft_')) });
      expectGolden(`${GOLDENS}/only-prometheus`, shown(played));
    });
  });

  describe('reports', () => {
    it('5015 for every source of a node that is down', async () => {
      const url = await dead();
      const played = await round({ prometheusUrl: `${url}/metrics`, restUrl: url, rpcUrl: url });
      expectGolden(`${GOLDENS}/node-down`, shown(played));
      expect(played.result.reported?.code).to.equal(5015);
    });

    it('5015 also when other sources answer: it is the node that counts', async () => {
      const url = await dead();
      const others = [source({ restUrl: (await rest()).url, rpcUrl: (await rpc()).url })];
      const played = await round({ restUrl: url, rpcUrl: url, dataSources: others });
      expect(codesOf(played)).to.deep.equal([null, 5015, 5015]);
    });

    it('5019 when no source is synced, and each source by itself', async () => {
      const [server, chain] = [await rest({ isSyncing: true }), await rpc({ isSyncing: true })];
      const played = await round({ prometheusUrl: await page(), restUrl: server.url, rpcUrl: chain.url });
      expectGolden(`${GOLDENS}/no-synced-source`, shown(played));
    });

    it('5003 for a page without the height', async () => {
      const played = await round({
        prometheusUrl: await page(PAGE.replaceAll('latest_block_height', 'height')),
      });
      expectGolden(`${GOLDENS}/metric-missing`, shown(played));
    });

    it('5005 when the answers break off', async () => {
      const url = await behaving(BROKEN.truncated);
      expectGolden(
        `${GOLDENS}/broken-off`,
        shown(await round({ prometheusUrl: url, restUrl: url, rpcUrl: url })),
      );
    });

    it('5009 for URLs without a scheme, and for an empty one that is switched on', async () => {
      const url = '10.1.0.11:1317';
      expectGolden(
        `${GOLDENS}/bad-url`,
        shown(await round({ prometheusUrl: '', restUrl: url, rpcUrl: url })),
      );
    });

    it('5024 and 5030 when a server says that a call failed', async () => {
      const server = await rest({ operator: 'cosmosvaloper1other' });
      const error = {
        code: -32603,
        message: 'Internal error',
        data: 'could not find results for height #1000',
      };
      const instead = (path: string): Behaviour | null =>
        path.startsWith('/block_results') ? jsonAnswer({ jsonrpc: '2.0', id: -1, error }) : null;
      const chain = await rpc({}, { instead });
      expectGolden(`${GOLDENS}/call-failed`, shown(await round({ restUrl: server.url, rpcUrl: chain.url })));
    });

    it('5023 and 5029 for servers that do not offer what is needed', async () => {
      const server = await behaving(jsonAnswer({ code: 12, message: 'Not Implemented', details: [] }));
      const chain = await behaving(answer('404 page not found\n', { status: 404 }));
      expectGolden(`${GOLDENS}/not-offered`, shown(await round({ restUrl: server, rpcUrl: chain })));
    });

    it('5026 when the chosen source stops answering half way', async () => {
      const instead = (path: string): Behaviour | null => (/staking|block/.test(path) ? BROKEN.reset : null);
      const others = [
        source({ restUrl: (await rest({}, { instead })).url, rpcUrl: (await rpc({}, { instead })).url }),
      ];
      const own = {
        restUrl: (await rest({ isSyncing: true })).url,
        rpcUrl: (await rpc({ isSyncing: true })).url,
      };
      const played = await round({ ...own, dataSources: others });
      expectGolden(`${GOLDENS}/source-lost`, shown(played));
    });

    const CODES: readonly (readonly [
      source: keyof typeof BROKEN,
      codes: readonly [number, number, number],
    ])[] = [
      ['reset', [5015, 5015, 5015]],
      ['black hole', [5015, 5015, 5015]],
      ['slow drip', [5015, 5015, 5015]],
      ['not HTTP', [5015, 5015, 5015]],
      ['truncated', [5005, 5005, 5005]],
      ['malformed chunks', [5005, 5005, 5005]],
      ['redirect loop', [5009, 5009, 5009]],
      ['redirect elsewhere', [5009, 5009, 5009]],
      ['HTML page', [5003, 5023, 5029]],
      ['404 page', [5003, 5023, 5029]],
      ['garbage', [5003, 5023, 5029]],
      ['empty body', [5003, 5023, 5029]],
      // Any JSON without an error counts as reachable; then nobody says that it is synced.
      ['JSON body', [5003, 5019, 5029]],
      ['too large', [5003, 5023, 5029]],
      ['invalid UTF-8', [5003, 5023, 5029]],
      ['HTTP 401', [5003, 5023, 5029]],
      ['HTTP 429', [5003, 5023, 5029]],
      ['HTTP 500', [5003, 5023, 5029]],
      ['HTTP 503', [5003, 5023, 5029]],
    ];
    for (const [how, codes] of CODES) {
      it(`${codes.join(', ')} for a node that is broken by: ${how}`, async () => {
        const url = await behaving(BROKEN[how]);
        const timeouts = SILENT.includes(how) ? SHORT : PATIENT;
        const played = await round({ prometheusUrl: url, restUrl: url, rpcUrl: url }, { timeouts });
        expect(codesOf(played)).to.deep.equal(codes);
        expect(played.result.reported?.code).to.equal(codes[0]);
      });

      it(`nothing when only a data source is broken by: ${how}`, async () => {
        const url = await behaving(BROKEN[how]);
        const own = { restUrl: (await rest()).url, rpcUrl: (await rpc()).url };
        const dataSources = [source({ restUrl: url, rpcUrl: url, isArchive: true })];
        const timeouts = SILENT.includes(how) ? { ...PATIENT, probeMs: 200 } : PATIENT;
        const played = await round({ ...own, dataSources }, { timeouts });
        expect(codesOf(played)).to.deep.equal([null, null, null]);
        expect(heightsOf(played)).to.deep.equal([1_000]);
      });
    }

    it('knows every way of being broken', () => {
      expect(CODES.map(([name]) => name)).to.have.members(Object.keys(BROKEN));
    });

    it('5015 where TLS fails', async () => {
      const plain = (await rpc()).url.replace('http:', 'https:');
      const settings = { prometheusUrl: plain, restUrl: plain, rpcUrl: plain };
      const played = await round(settings, { timeouts: SHORT });
      expect(codesOf(played)).to.deep.equal([5015, 5015, 5015]);
    });

    const result = (status: object): object => ({ jsonrpc: '2.0', id: -1, result: status });
    const ODD: readonly (readonly [what: string, body: object, rest: number, rpc: number])[] = [
      ['null fields', { syncing: null, ...result({ sync_info: null, validator_info: null }) }, 5019, 5029],
      [
        'a switch as text',
        { syncing: 'false', ...result({ sync_info: { catching_up: 'false' } }) },
        5019,
        5029,
      ],
      ['a switch as number', { syncing: 0, ...result({ sync_info: { catching_up: 0 } }) }, 5019, 5029],
      ['no validator_info', { syncing: true, ...result({ sync_info: { catching_up: false } }) }, 5019, 5029],
      ['a JSON-RPC error', { error: { code: -32603, message: 'Internal error', data: 'x' } }, 5024, 5030],
      ['a JSON-RPC error without data', { error: { code: -32601, message: 'Method not found' } }, 5024, 5029],
      ['a code that is no number', { code: 'oops', message: 'no' }, 5024, 5029],
      ['a list', [], 5023, 5029],
    ];
    for (const [what, body, restCode, rpcCode] of ODD) {
      it(`${String(restCode)} and ${String(rpcCode)} for an answer with ${what}`, async () => {
        const url = await behaving(jsonAnswer(body));
        expect(codesOf(await round({ restUrl: url, rpcUrl: url }))).to.deep.equal([null, restCode, rpcCode]);
      });
    }

    const BAD_BLOCKS: readonly (readonly [what: string, path: RegExp, result: object])[] = [
      ['a block without header', /^\/block$/, { block: {} }],
      ['a height that is no number', /^\/block$/, { block: { header: { height: 'x' }, last_commit: null } }],
      [
        'signatures that are no list',
        /^\/block$/,
        { block: { header: { height: '1000' }, last_commit: { signatures: {} } } },
      ],
      ['results without events', /^\/block_results/, { height: '1000' }],
      ['events that are no list', /^\/block_results/, { finalize_block_events: {} }],
    ];
    for (const [what, path, said] of BAD_BLOCKS) {
      it(`5029 for ${what}`, async () => {
        const instead = (asked: string): Behaviour | null =>
          path.test(asked) ? jsonAnswer(result(said)) : null;
        const played = await round({ rpcUrl: (await rpc({}, { instead })).url });
        expect(codesOf(played)).to.deep.equal([null, null, 5029]);
      });
    }

    it('nothing for odd events, null lists and attributes that are no base64', async () => {
      const events = [
        null,
        5,
        { type: 'slash' },
        { type: 'SLASH', attributes: [null, { key: 'address' }, { key: '%', value: '' }] },
      ];
      const said = { begin_block_events: null, finalize_block_events: events };
      const instead = (asked: string): Behaviour | null =>
        asked.startsWith('/block_results') ? jsonAnswer(result(said)) : null;
      const played = await round({ rpcUrl: (await rpc({}, { instead })).url });
      expect(bodyOf(played).tendermint_rpc.result?.data.historical[0]).to.include({
        slashed: false,
        slashed_amount: null,
      });
    });
  });

  describe('asks data sources', () => {
    const pathsOf = (...stubsAsked: Answering[]): number[] =>
      stubsAsked.map(({ source: { requests } }) => requests.length);

    it('in their order, itself last, and prefers the one that served last', async () => {
      const [own, first, second] = [await rest(), await rest({ isSyncing: true }), await rest()];
      const settings = {
        restUrl: own.url,
        dataSources: [source({ restUrl: first.url }), source({ restUrl: second.url })],
      };
      const played = await round(settings);
      // Itself only whether it answers.
      expect(pathsOf(own, first, second)).to.deep.equal([1, 1, 2]);
      const next = await round(settings, { state: played.result.state ?? null });
      expect(pathsOf(own, first, second)).to.deep.equal([2, 1, 4]);
      expect(codesOf(next)).to.deep.equal([null, null, null]);
    });

    it('goes back from a validator as soon as another source will do', async () => {
      const [own, sentry, validator] = [await rest(), await rest({ isSyncing: true }), await rest()];
      const settings = {
        restUrl: own.url,
        dataSources: [source({ restUrl: sentry.url }), source({ restUrl: validator.url, isValidator: true })],
      };
      const { result } = await round(settings);
      expect(pathsOf(validator)).to.deep.equal([2]);
      await round(settings, { state: result.state ?? null });
      expect(pathsOf(sentry, validator)).to.deep.equal([2, 4]);
    });

    it('archive nodes first for blocks', async () => {
      const [own, pruned, archive] = [await rpc(), await rpc(), await rpc()];
      await round({
        rpcUrl: own.url,
        dataSources: [source({ rpcUrl: pruned.url }), source({ rpcUrl: archive.url, isArchive: true })],
      });
      expect(pathsOf(own, pruned)).to.deep.equal([1, 0]);
    });

    it('the next one when the chosen one fails half way', async () => {
      const instead = (path: string): Behaviour | null => (path.startsWith('/block') ? BROKEN.reset : null);
      const [own, flaky, good] = [await rpc({ isSyncing: true }), await rpc({}, { instead }), await rpc()];
      const played = await round({
        rpcUrl: own.url,
        dataSources: [source({ rpcUrl: flaky.url }), source({ rpcUrl: good.url })],
      });
      expect(heightsOf(played)).to.deep.equal([1_000]);
    });

    it('but not of another chain', async () => {
      const [own, foreign] = [await rpc({ isSyncing: true }), await rpc({ chainId: 'other-1' })];
      const played = await round({ rpcUrl: own.url, dataSources: [source({ rpcUrl: foreign.url })] });
      expect(codesOf(played)).to.deep.equal([null, null, 5019]);
    });

    it('that are behind only when no other is left', async () => {
      const [own, behind, ahead] = [await rpc({ isSyncing: true }), await rpc({ height: 990 }), await rpc()];
      const dataSources = [source({ rpcUrl: behind.url }), source({ rpcUrl: ahead.url })];
      const state = { rpc: { lastHeight: 998, chainId: 'test-1' } };
      expect(heightsOf(await round({ rpcUrl: own.url, dataSources }, { state }))).to.deep.equal([1_000, 999]);
      const played = await round({ rpcUrl: own.url, dataSources: dataSources.slice(0, 1) }, { state });
      expect(heightsOf(played)).to.deep.equal([]);
      expect(played.result.state).to.have.nested.property('rpc.lastHeight', 998);
    });

    it('within the time of the round, however many are silent', async () => {
      const silent = await Promise.all([1, 2, 3, 4, 5, 6].map(() => behaving(BROKEN['black hole'])));
      const own = { restUrl: (await rest()).url, rpcUrl: (await rpc()).url };
      const dataSources = silent.map((url) => source({ restUrl: url, rpcUrl: url }));
      const began = performance.now();
      const played = await round({ ...own, dataSources }, { timeouts: { ...PATIENT, probeMs: 150 } });
      expect(performance.now() - began).to.be.lessThan(10_000);
      expect(codesOf(played)).to.deep.equal([null, null, null]);
    });
  });

  describe('catches up', () => {
    it('from the last height on, each once, over rounds and restarts', async () => {
      const chain = new CosmosChain({ height: 1_000 });
      const { url } = await rpc(chain);
      let state: JsonValue = null;
      const seen: number[] = [];
      for (const height of [1_000, 1_000, 1_003, 1_001, 1_010]) {
        chain.height = height;
        const played: PlayedRound = await round({ rpcUrl: url }, { state });
        state = JSON.parse(JSON.stringify(played.result.state)) as JsonValue;
        seen.push(...heightsOf(played).reverse());
      }
      expect(seen).to.deep.equal([
        1_000, 1_001, 1_002, 1_003, 1_004, 1_005, 1_006, 1_007, 1_008, 1_009, 1_010,
      ]);
    });

    it('over 89 heights with no more than 8 requests under way', async () => {
      const chain = await rpc({ missed: [950, 960], isSetChanging: true, validators: 130 }, { delayMs: 2 });
      const played = await round(
        { rpcUrl: chain.url },
        { state: { rpc: { lastHeight: 911, chainId: 'test-1' } } },
      );
      const heights = heightsOf(played);
      expect([heights.length, heights[0], heights.at(-1)]).to.deep.equal([89, 1_000, 912]);
      expect(played.result.facts).to.include({ blocks_missed: 2 });
      expect(chain.mostInFlight()).to.equal(8);
      // Two pages for each set that is in doubt, and none for the others.
      expect(chain.paths().filter((path) => path === '/validators')).to.have.lengthOf(4);
    });

    it('asks for a validator set once while its hash stays', async () => {
      const chain = await rpc({ inactiveFrom: 900 });
      const first = await round(
        { rpcUrl: chain.url },
        { state: { rpc: { lastHeight: 950, chainId: 'test-1' } } },
      );
      expect(heightsOf(first)).to.have.lengthOf(50);
      // The set before the first height is known by no hash yet.
      expect(chain.paths().filter((path) => path === '/validators')).to.have.lengthOf(2);
    });

    it('publishes what it has before a height that fails, and goes on there', async () => {
      let isBroken = true;
      const instead = (path: string): Behaviour | null =>
        isBroken && path.startsWith('/block_results?height=990') ? BROKEN.reset : null;
      const { url } = await rpc({}, { instead });
      const first = await round({ rpcUrl: url }, { state: { rpc: { lastHeight: 980, chainId: 'test-1' } } });
      expect(heightsOf(first)).to.deep.equal([989, 988, 987, 986, 985, 984, 983, 982, 981]);
      isBroken = false;
      const next = await round({ rpcUrl: url }, { state: first.result.state ?? null });
      expect(heightsOf(next).at(-1)).to.equal(990);
    });

    it('publishes what it has when the time is used up', async () => {
      const { url } = await rpc({}, { delayMs: 250 });
      const state = { rpc: { lastHeight: 911, chainId: 'test-1' } };
      const played = await round(
        { rpcUrl: url },
        { state, timeouts: { budgetMs: 3_000, requestMs: 3_000, probeMs: 3_000 } },
      );
      const heights = heightsOf(played);
      expect(heights.length).to.be.within(1, 88);
      expect(heights.at(-1)).to.equal(912);
      expect(played.result.state).to.have.nested.property('rpc.lastHeight', heights[0]);
    });

    it('begins anew when the chain did', async () => {
      const { url } = await rpc({ chainId: 'test-2', height: 7 });
      const played = await round({ rpcUrl: url }, { state: { rpc: { lastHeight: 998, chainId: 'test-1' } } });
      expect(heightsOf(played)).to.deep.equal([7]);
    });

    it('from the very first block', async () => {
      const { url } = await rpc({ height: 1 });
      expect(heightsOf(await round({ rpcUrl: url }))).to.deep.equal([1]);
    });

    it('over blocks too large to be parsed whole', async () => {
      const { url } = await rpc({ transactions: 400, slashes: { 1000: [5n] }, missed: [999] });
      const played = await round({ rpcUrl: url }, { state: { rpc: { lastHeight: 998, chainId: 'test-1' } } });
      const [newest, missed] = bodyOf(played).tendermint_rpc.result?.data.historical ?? [];
      expect(newest).to.include({ signed_prev_block: true, slashed: true, slashed_amount: 5 });
      expect(missed).to.include({ active_in_prev_block: true, signed_prev_block: false, slashed: false });
    });
  });

  for (const state of [
    5,
    'x',
    [],
    { rest: 7, rpc: { lastHeight: 'x', lastSet: { hash: 5 }, source: {} } },
  ] as JsonValue[]) {
    it(`tolerates an old state of ${JSON.stringify(state)}`, async () => {
      const played = await round({ rpcUrl: (await rpc()).url, restUrl: (await rest()).url }, { state });
      expectGolden(`${GOLDENS}/only-rest-rpc`, shown(played));
    });
  }

  it('never shows credentials of its URLs', async () => {
    const url = (await dead()).replace('//', '//alice:hunter2@');
    const dataSources = [source({ restUrl: `${url}?token=hunter2`, rpcUrl: `${url}?token=hunter2` })];
    const played = await round({ prometheusUrl: url, restUrl: url, rpcUrl: url, dataSources });
    const bad = await round({ restUrl: 'ftp://alice:hunter2@h/', rpcUrl: 'alice:hunter2@h' });
    expect(JSON.stringify([played.texts, played.logs, bad.texts, bad.logs])).to.not.include('hunter2');
  });

  it('passes an abort on instead of reporting it', async () => {
    const reason = new VedetteError('MONITOR_ROUND_TIMEOUT', 'too slow');
    const url = await behaving(BROKEN['black hole']);
    const aborted = round({ restUrl: url, rpcUrl: url }, { signal: AbortSignal.abort(reason) });
    expect(await aborted.catch((error: unknown) => error)).to.equal(reason);
  });

  it('is what the module exports as its default', () => {
    expect(defaultMonitor).to.have.property('round');
  });
});
