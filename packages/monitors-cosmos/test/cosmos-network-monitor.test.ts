import { VedetteError, type JsonValue } from '@vedette/contract';
import { closeHttp, type MonitorDefinition } from '@vedette/monitor';
import { expect } from 'chai';
import { expectGolden } from '../../../test/support/golden.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { answer, BROKEN, deadPort, startStub, type Behaviour } from '../../../test/support/stub-source.js';
import defaultMonitor, { cosmosNetworkMonitor } from '../src/cosmos-network/monitor.js';
import type { CosmosNetworkSettings, NetworkSource } from '../src/cosmos-network/settings.js';
import {
  jsonAnswer,
  startRest,
  type Answering,
  type StubOptions,
} from '../../../test/support/cosmos-stub.js';
import { PROPOSALS, type ProposalSeed, type RestOptions } from '../../../test/support/cosmos-rest.js';

const GOLDENS = 'packages/monitors-cosmos/test/goldens/cosmos-network';
const CHAIN = {
  ...identity('cosmos-network', 'cosmoshub', 'Cosmos Network Monitor (cosmoshub)', 'cosmos cosmoshub'),
  baseChain: 'cosmos',
  subChain: 'cosmoshub',
};
const SILENT = ['black hole', 'slow drip'];
const SHORT = { budgetMs: 3_000, requestMs: 500, probeMs: 1_000 };
const PATIENT = { budgetMs: 25_000, requestMs: 20_000, probeMs: 10_000 };
const DEADLINE_MS = 28_000;

interface Options {
  readonly state?: JsonValue;
  readonly timeouts?: typeof PATIENT;
  readonly monitor?: MonitorDefinition<CosmosNetworkSettings>;
  readonly signal?: AbortSignal;
}

function round(sources: readonly (string | NetworkSource)[], options: Options = {}): Promise<PlayedRound> {
  const { state = null, timeouts = PATIENT, monitor = cosmosNetworkMonitor(timeouts), signal } = options;
  const dataSources = sources.map((one) =>
    typeof one === 'string' ? { restUrl: one, isValidator: false } : one,
  );
  return playRound(monitor, {
    settings: { dataSources, verifyTls: false },
    monitor: CHAIN,
    state,
    deadlineMs: DEADLINE_MS,
    ...(signal === undefined ? {} : { signal }),
  });
}

const shown = (played: PlayedRound): string =>
  (played.texts[0] ?? '').replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://10.1.0.11:1317');
interface Body {
  readonly cosmos_rest: {
    readonly result?: { readonly data: { readonly proposals: Record<string, unknown>[] } };
    readonly error?: { readonly code: number };
  };
}
const bodyOf = (played: PlayedRound): Body['cosmos_rest'] =>
  (JSON.parse(played.texts[0] ?? '') as Body).cosmos_rest;
const idsOf = (played: PlayedRound): unknown[] =>
  bodyOf(played).result?.data.proposals.map((proposal) => proposal['proposal_id']) ?? [];
const codeOf = (played: PlayedRound): number | undefined => bodyOf(played).error?.code;

describe('the Cosmos network monitor', function () {
  this.timeout(DEADLINE_MS + 2_000);
  const stubs: { close(): Promise<void> }[] = [];
  const rest = async (options: RestOptions = {}, more: StubOptions = {}): Promise<Answering> => {
    const answering = await startRest({ proposals: PROPOSALS, ...options }, more);
    stubs.push(answering.source);
    return answering;
  };
  const behaving = async (behaviour: Behaviour): Promise<string> => {
    const stub = await startStub(behaviour);
    stubs.push(stub);
    return stub.url;
  };
  /** A synced server whose proposals are told otherwise. */
  const proposing = async (behaviour: Behaviour): Promise<string> =>
    (await rest({ sdk: '0.42' }, { instead: (path) => (path.includes('syncing') ? null : behaviour) })).url;

  afterEach(async () => {
    closeHttp();
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  describe('publishes', () => {
    // One golden for all: what a server's version is, no consumer can tell.
    for (const sdk of ['0.39', '0.42', '0.47', '0.50'] as const) {
      it(`the proposals of a server of SDK ${sdk}, times in the form the consumer can digest`, async () => {
        const played = await round([(await rest({ sdk })).url]);
        expect(played.result.messages.map(({ routingKey }) => routingKey)).to.deep.equal(['network.cosmos']);
        expectGolden(`${GOLDENS}/result`, shown(played));
        expect(played.logs).to.deep.equal([]);
        expect(played.result.facts).to.include({ proposals: 4, proposals_voting: 1, proposals_passed: 1 });
      });
    }

    it('proposals of messages, which gov v1beta1 shows without content', async () => {
      const proposals: ProposalSeed[] = [{ id: 900, title: 'New params', status: 2, isNewStyle: true }];
      const played = await round([(await rest({ proposals })).url]);
      expectGolden(`${GOLDENS}/new-style`, shown(played));
    });

    it('such a proposal under its number where only v1beta1 is offered', async () => {
      const proposals: ProposalSeed[] = [{ id: 900, title: 'New params', status: 5, isNewStyle: true }];
      expectGolden(
        `${GOLDENS}/without-content`,
        shown(await round([(await rest({ sdk: '0.42', proposals })).url])),
      );
    });

    for (const sdk of ['0.39', '0.50'] as const) {
      it(`an empty list for a chain of SDK ${sdk} without proposals`, async () => {
        expectGolden(
          `${GOLDENS}/no-proposals`,
          shown(await round([(await rest({ sdk, proposals: [] })).url])),
        );
      });
    }

    it('the rest when a proposal is odd, each field in a form the consumer takes', async () => {
      const proposals = [
        null,
        'text',
        { proposal_id: 'abc' },
        {
          proposal_id: 7,
          status: 99,
          content: null,
          final_tally_result: null,
          total_deposit: null,
          submit_time: 5,
        },
        {
          id: '8',
          status: 'PROPOSAL_STATUS_PASSED',
          content: { title: 'T', description: 'D', extra: 1 },
          final_tally_result: { yes: 'NaN', no: 1, extra: '1' },
          total_deposit: [null, { denom: 'a', amount: '1', extra: 2 }, { denom: 5 }],
          submit_time: '2023-10-20T06:41:27.1Z',
          deposit_end_time: '2023-10-20T06:41:27+02:00',
          voting_start_time: 'soon',
          extra: true,
        },
      ];
      const played = await round([await proposing(jsonAnswer({ proposals, pagination: {} }))]);
      expectGolden(`${GOLDENS}/odd`, shown(played));
      expect(played.logs.map(({ sentence }) => sentence)).to.deep.equal(['Some proposals could not be read']);
    });
  });

  describe('reads pages', () => {
    const many = (open: number): ProposalSeed[] =>
      Array.from({ length: 25 }, (_none, index) => ({
        id: index + 1,
        title: `P${index + 1}`,
        status: index + 1 >= open ? 2 : 3,
      }));
    const numbers = Array.from({ length: 25 }, (_none, index) => String(index + 1));

    it('to the last one, and from then on only those on which something can change', async () => {
      const server = await rest({ proposals: many(22), pageSize: 10 });
      const monitor = cosmosNetworkMonitor(PATIENT);
      const first = await round([server.url], { monitor });
      expect(idsOf(first)).to.deep.equal(numbers);
      const asked = server.paths().length;
      const second = await round([server.url], { monitor, state: first.result.state ?? null });
      expect(second.texts).to.deep.equal(first.texts);
      // The syncing state and one page instead of three.
      expect(server.paths().length - asked).to.equal(2);
    });

    it('again from the first on which something is open', async () => {
      const server = await rest({ proposals: many(5), pageSize: 10 });
      const monitor = cosmosNetworkMonitor(PATIENT);
      const { result } = await round([server.url], { monitor });
      const asked = server.paths().length;
      expect(idsOf(await round([server.url], { monitor, state: result.state ?? null }))).to.deep.equal(
        numbers,
      );
      expect(server.paths().length - asked).to.equal(4);
    });

    it('all again after a restart, or when the source is another', async () => {
      const [first, second] = [
        await rest({ proposals: many(30), pageSize: 10 }),
        await rest({ proposals: many(30), pageSize: 10 }),
      ];
      const monitor = cosmosNetworkMonitor(PATIENT);
      const { result } = await round([first.url], { monitor });
      expect(idsOf(await round([second.url], { monitor, state: result.state ?? null }))).to.deep.equal(
        numbers,
      );
      const restarted = cosmosNetworkMonitor(PATIENT);
      expect(
        idsOf(await round([first.url], { monitor: restarted, state: result.state ?? null })),
      ).to.deep.equal(numbers);
    });

    for (const key of ['', 'AAAAAAAAAAI=']) {
      it(`and ends at a next key of ${JSON.stringify(key)} that comes again and again`, async () => {
        const proposals = [{ proposal_id: '1', status: 2 }];
        const played = await round([
          await proposing(jsonAnswer({ proposals, pagination: { next_key: key } })),
        ]);
        expect(idsOf(played).length).to.be.within(1, 2);
      });
    }

    it('of fewer proposals where they are too large', async () => {
      const proposals = many(1).map((seed) => ({ ...seed, description: 'x'.repeat(300_000) }));
      const played = await round([(await rest({ proposals })).url]);
      expect(idsOf(played)).to.deep.equal(numbers);
    });
  });

  describe('reports', () => {
    it('5019 when no source can be reached, is synced or is given', async () => {
      const dead = `http://127.0.0.1:${await deadPort()}`;
      const played = await round([dead, (await rest({ isSyncing: true })).url]);
      expectGolden(`${GOLDENS}/no-synced-source`, shown(played));
      expect(played.result.reported?.code).to.equal(5019);
      expect(codeOf(await round([]))).to.equal(5019);
    });

    it('5026 when the chosen source stops answering half way', async () => {
      expectGolden(`${GOLDENS}/source-lost`, shown(await round([await proposing(BROKEN.reset)])));
    });

    it('5005 when an answer breaks off', async () => {
      expectGolden(`${GOLDENS}/broken-off`, shown(await round([await proposing(BROKEN.truncated)])));
    });

    it('5009 when the proposals are said to be elsewhere', async () => {
      expectGolden(`${GOLDENS}/bad-url`, shown(await round([await proposing(BROKEN['redirect elsewhere'])])));
    });

    it('5024 when the server says that the call failed', async () => {
      const said = jsonAnswer({
        code: 3,
        message: "can't convert a gov/v1 Proposal to gov/v1beta1 Proposal",
        details: [],
      });
      expectGolden(`${GOLDENS}/call-failed`, shown(await round([await proposing(said)])));
    });

    it('5027 when no route of proposals is offered', async () => {
      const said = jsonAnswer({ code: 12, message: 'Not Implemented', details: [] });
      expectGolden(`${GOLDENS}/not-offered`, shown(await round([await proposing(said)])));
    });

    const CODES: readonly (readonly [source: keyof typeof BROKEN, code: number])[] = [
      ['reset', 5026],
      ['black hole', 5026],
      ['slow drip', 5026],
      ['not HTTP', 5026],
      ['truncated', 5005],
      ['malformed chunks', 5005],
      ['redirect loop', 5009],
      ['redirect elsewhere', 5009],
      ['HTML page', 5027],
      ['404 page', 5027],
      ['garbage', 5027],
      ['empty body', 5027],
      ['JSON body', 5027],
      ['too large', 5027],
      ['invalid UTF-8', 5027],
      ['HTTP 401', 5027],
      ['HTTP 429', 5027],
      ['HTTP 500', 5027],
      ['HTTP 503', 5027],
    ];
    for (const [how, code] of CODES) {
      const timeouts = SILENT.includes(how) ? SHORT : PATIENT;
      it(`${code} for proposals that are broken by: ${how}`, async () => {
        expect(codeOf(await round([await proposing(BROKEN[how])], { timeouts }))).to.equal(code);
      });

      it(`5019 for a source that is broken by: ${how}; nothing if the next one serves`, async () => {
        const url = await behaving(BROKEN[how]);
        expect(codeOf(await round([url], { timeouts }))).to.equal(5019);
        const isSlow = SILENT.includes(how);
        const played = await round([url, (await rest()).url], {
          timeouts: isSlow ? { ...PATIENT, probeMs: 1_000 } : PATIENT,
        });
        expect(idsOf(played)).to.deep.equal(['80', '81', '82', '83']);
      });
    }

    it('knows every way of being broken', () => {
      expect(CODES.map(([name]) => name)).to.have.members(Object.keys(BROKEN));
    });

    for (const [what, body] of [
      ['null', null],
      ['a list', []],
      ['proposals as text', { proposals: 'many' }],
      ['proposals as a map', { proposals: {} }],
    ] as const) {
      it(`5027 for ${what}`, async () => {
        expect(codeOf(await round([await proposing(answer(JSON.stringify(body)))]))).to.equal(5027);
      });
    }
  });

  describe('asks sources', () => {
    it('beginning with the one that served last, but not with a validator', async () => {
      const [first, second, validator] = [await rest({ isSyncing: true }), await rest(), await rest()];
      const { result } = await round([first.url, second.url]);
      const asked = first.source.requests.length;
      await round([first.url, second.url], { state: result.state ?? null });
      expect(first.source.requests).to.have.lengthOf(asked);
      await round([second.url, { restUrl: validator.url, isValidator: true }], {
        state: { source: validator.url },
      });
      expect(validator.source.requests).to.have.lengthOf(0);
    });

    it('the next one when the chosen one fails half way', async () => {
      const played = await round([await proposing(BROKEN.reset), (await rest()).url]);
      expect(idsOf(played)).to.deep.equal(['80', '81', '82', '83']);
    });
  });

  for (const state of [5, 'x', [], { source: 7, proposalsRoute: {}, syncingRoute: '/none' }] as JsonValue[]) {
    it(`tolerates an old state of ${JSON.stringify(state)}`, async () => {
      expectGolden(`${GOLDENS}/result`, shown(await round([(await rest()).url], { state })));
    });
  }

  it('never shows credentials of its URLs', async () => {
    const dead = `http://alice:hunter2@127.0.0.1:${await deadPort()}/?token=hunter2`;
    const lost = `${(await proposing(BROKEN.reset)).replace('//', '//alice:hunter2@')}/`;
    for (const played of [await round([dead]), await round([lost])]) {
      expect(JSON.stringify([played.texts, played.logs])).to.not.include('hunter2');
    }
  });

  it('passes an abort on instead of reporting it', async () => {
    const reason = new VedetteError('MONITOR_ROUND_TIMEOUT', 'too slow');
    const aborted = round([await behaving(BROKEN['black hole'])], { signal: AbortSignal.abort(reason) });
    expect(await aborted.catch((error: unknown) => error)).to.equal(reason);
  });

  it('is what the module exports as its default', () => {
    expect(defaultMonitor).to.include.keys('round', 'close');
  });
});
