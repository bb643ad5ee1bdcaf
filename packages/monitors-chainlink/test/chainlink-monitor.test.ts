import { VedetteError, type JsonValue } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { expectGolden } from '../../../test/support/golden.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import {
  answer,
  BROKEN,
  deadPort,
  startStub,
  type Behaviour,
  type StubSource,
} from '../../../test/support/stub-source.js';
import defaultMonitor, { chainlinkNodeMonitor } from '../src/chainlink-node/monitor.js';

const PAGE = readFileSync(
  new URL('../../../examples/quickstart/chainlink-metrics.txt', import.meta.url),
  'utf8',
);
const GOLDENS = 'packages/monitors-chainlink/test/goldens/chainlink-node';
const NODE = identity('chainlink-node', 'cl-eth-1', 'Node monitor (cl-eth-1)', 'node_1');
/** Sources that must run into the deadline: a short one there, a patient one for those that answer. */
const SILENT = ['black hole', 'slow drip'];
const SHORT = { walkMs: 500, urlMs: 250, symbolMs: 250 };
const PATIENT = { walkMs: 5_000, urlMs: 5_000, symbolMs: 2_500 };
const NOW_MS = 1_700_000_000_123.456;
const HOUR_MS = 3_600_000;

interface Options {
  readonly state?: JsonValue;
  readonly symbolUrl?: string;
  readonly symbolLookup?: boolean;
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
  readonly timeouts?: typeof PATIENT;
}

function round(prometheusUrls: string[], options: Options = {}): Promise<PlayedRound> {
  // Nobody listens there: a look-up that should not happen fails and is logged.
  const {
    state = null,
    symbolUrl = 'http://127.0.0.1:9/',
    symbolLookup = true,
    nowMs = NOW_MS,
    signal,
  } = options;
  return playRound(chainlinkNodeMonitor(options.timeouts ?? PATIENT), {
    settings: { prometheusUrls, verifyTls: false, symbolLookup, symbolUrl },
    monitor: NODE,
    state,
    nowMs,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The page without the lines of some metrics, and with others appended. */
function page(without: RegExp, lines = ''): string {
  const kept = PAGE.split('\n').filter((line) => !without.test(line));
  return `${kept.join('\n')}\n${lines}`;
}

describe('the Chainlink node monitor', () => {
  const stubs: StubSource[] = [];
  const start = async (behaviour: Behaviour): Promise<StubSource> => {
    const stub = await startStub(behaviour);
    stubs.push(stub);
    return stub;
  };
  const roundOn = async (behaviour: Behaviour, options: Options = {}): Promise<PlayedRound> =>
    round([`${(await start(behaviour)).url}/metrics`], options);
  /** The port differs from run to run; a golden shows a fixed address. */
  const shown = (played: PlayedRound): string =>
    (played.texts[0] ?? '').replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://10.0.0.5:6688');

  afterEach(async () => {
    closeHttp();
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  it('publishes the page of a node as PANIC would, reals as reals', async () => {
    const played = await roundOn(answer(PAGE));
    expect(played.result.messages).to.have.lengthOf(1);
    expect(played.result.messages[0]?.routingKey).to.equal('node.chainlink');
    expectGolden(`${GOLDENS}/result`, shown(played));
    expect(played.logs).to.deep.equal([]);
  });

  it('gives the same numbers as facts', async () => {
    const { result } = await roundOn(answer(PAGE));
    expect(result.facts).to.include({
      head_height: 18_500_000,
      unconfirmed_transactions: 1,
      balance: 26,
      errored_jobs: 3,
      gas_bumps: 17,
      gas_bumps_over_limit: null,
      gas_price_wei: 5e9,
    });
  });

  it('takes counters that carry _total on the wire already', async () => {
    const renamed = PAGE.replace(/\b(head_tracker_heads_received|tx_manager_num_gas_bumps)\b/g, '$1_total');
    expectGolden(`${GOLDENS}/result`, shown(await roundOn(answer(renamed))));
  });

  it('publishes null for every optional metric that is absent, and no errored jobs', async () => {
    const optional = /^(tx_manager|gas_updater_set_gas_price|run_status_update_total)/;
    expectGolden(`${GOLDENS}/without-optionals`, shown(await roundOn(answer(page(optional)))));
  });

  it('publishes every optional metric that is present', async () => {
    const lines = [
      '# TYPE tx_manager_gas_bump_exceeds_limit counter',
      'tx_manager_gas_bump_exceeds_limit{evmChainID="1"} 2',
      '',
    ].join('\n');
    expectGolden(`${GOLDENS}/all-optionals`, shown(await roundOn(answer(PAGE + lines))));
  });

  it('publishes {} for a balance of no account, and null for a gas price without percentile', async () => {
    const lines = 'eth_balance{evmChainID="1"} 26\ngas_updater_set_gas_price{evmChainID="1"} 5\n';
    const bare = page(/^(eth_balance|gas_updater_set_gas_price)/, lines);
    expectGolden(`${GOLDENS}/no-account`, shown(await roundOn(answer(bare))));
  });

  const UNUSUAL: readonly (readonly [what: string, text: string, part: string])[] = [
    [
      'only the first of several chains',
      PAGE.replace(
        'head_tracker_current_head{evmChainID="1"} 1.85e+07',
        'head_tracker_current_head{evmChainID="5"} 7\nhead_tracker_current_head{evmChainID="1"} 8',
      ),
      '"head_tracker_current_head": 7.0,',
    ],
    [
      'null for an optional counter that is NaN',
      page(/^tx_manager_num/, 'tx_manager_num_gas_bumps_total{evmChainID="1"} NaN\n'),
      '"tx_manager_num_gas_bumps_total": null,',
    ],
    [
      'null for an optional counter without labels',
      page(/tx_manager_num/, 'tx_manager_num_gas_bumps_total 4\n'),
      '"tx_manager_num_gas_bumps_total": null,',
    ],
    [
      'null for a gas price that is infinite',
      page(/^gas_updater_set/, 'gas_updater_set_gas_price{percentile="20%"} +Inf\n'),
      '"gas_updater_set_gas_price": null,',
    ],
    [
      'a balance without symbol when the chain id is no number',
      page(/^eth_balance/, 'eth_balance{account="0xab",evmChainID="main"} 1.5\n'),
      '"balance": {"address": "0xab", "balance": 1.5, "symbol": ""}',
    ],
    [
      'a balance without symbol when there is no chain id',
      page(/^eth_balance/, 'eth_balance{account="0xab"} 0\n'),
      '"balance": {"address": "0xab", "balance": 0.0, "symbol": ""}',
    ],
    [
      'a label text with quotes and odd characters',
      page(/^eth_balance/, 'eth_balance{account="0x\\"é\\\\",evmChainID="56"} 1\n'),
      '"balance": {"address": "0x\\"é\\\\", "balance": 1.0, "symbol": "BNB"}',
    ],
  ];
  for (const [what, text, part] of UNUSUAL) {
    it(`publishes ${what}`, async () => {
      const { texts, result } = await roundOn(answer(text));
      expect(result.reported).to.equal(undefined);
      expect(texts[0]).to.include(part);
    });
  }

  it('reports 5015 when no URL answers', async () => {
    const played = await round([`http://127.0.0.1:${await deadPort()}/metrics`]);
    expect(played.result.reported?.code).to.equal(5015);
    expectGolden(`${GOLDENS}/unreachable`, shown(played));
  });

  it('reports 5005 when an answer breaks off', async () => {
    expectGolden(`${GOLDENS}/broken-off`, shown(await roundOn(BROKEN.truncated)));
  });

  it('reports 5009 for a URL without a scheme', async () => {
    expectGolden(`${GOLDENS}/bad-url`, shown(await round(['10.0.0.5:6688/metrics'])));
  });

  it('reports 5003 for a missing strict metric, with metric and endpoint', async () => {
    expectGolden(`${GOLDENS}/metric-missing`, shown(await roundOn(answer(page(/unconfirmed_transactions/)))));
  });

  const STRICT = [
    'head_tracker_current_head',
    'head_tracker_heads_received_total',
    'max_unconfirmed_blocks',
    'process_start_time_seconds',
    'unconfirmed_transactions',
    'eth_balance',
  ];
  for (const name of STRICT) {
    const wireName = name.replace('heads_received_total', 'heads_received');
    const labels = name.startsWith('process') ? '{a="b"}' : '';
    const unusable = [
      ['missing', ''],
      ['of the wrong form', `${name}${labels} 1\n`],
      ['not finite', `${name}${labels === '' && !name.startsWith('process') ? '{account="a"}' : ''} NaN\n`],
    ] as const;
    for (const [how, line] of unusable) {
      it(`reports 5003 when ${name} is ${how}`, async () => {
        const { result } = await roundOn(answer(page(new RegExp(`^(# TYPE )?${wireName}\\b`), line)));
        expect(result.reported?.code).to.equal(5003);
        expect(result.reported?.message).to.include(`Metric ${name} `);
      });
    }
  }

  it('names the first of several missing metrics', async () => {
    const { result } = await roundOn(answer('a 1\n'));
    expect(result.reported?.message).to.include('Metric head_tracker_current_head was not found');
  });

  const CODES: readonly (readonly [source: keyof typeof BROKEN, code: number])[] = [
    ['reset', 5015],
    ['black hole', 5015],
    ['slow drip', 5015],
    ['not HTTP', 5015],
    ['truncated', 5005],
    ['malformed chunks', 5005],
    ['redirect loop', 5009],
    ['redirect elsewhere', 5009],
    ['HTML page', 5003],
    ['404 page', 5003],
    ['garbage', 5003],
    ['empty body', 5003],
    ['JSON body', 5003],
    ['too large', 5003],
    ['invalid UTF-8', 5003],
    ['HTTP 401', 5003],
    ['HTTP 429', 5003],
    ['HTTP 500', 5003],
    ['HTTP 503', 5003],
  ];
  for (const [source, code] of CODES) {
    it(`reports ${code} for a source that is broken by: ${source}`, async () => {
      const { result, texts } = await roundOn(BROKEN[source], {
        timeouts: SILENT.includes(source) ? SHORT : PATIENT,
      });
      expect(result.reported?.code).to.equal(code);
      const { error } = (JSON.parse(texts[0] ?? '') as { prometheus: { error: { meta_data: object } } })
        .prometheus;
      expect(error).to.include({ code });
      expect(error.meta_data).to.include.keys('last_source_used', 'node_id', 'time');
    });
  }

  it('knows every way of being broken', () => {
    expect(CODES.map(([source]) => source)).to.have.members(Object.keys(BROKEN));
  });

  describe('with several URLs', () => {
    it('falls back to the next when the first is unreachable, and prefers it from then on', async () => {
      const dead = `http://127.0.0.1:${await deadPort()}/metrics`;
      const first = await start(answer(PAGE));
      const second = await start(answer(PAGE));
      const urls = [dead, `${first.url}/metrics`, `${second.url}/metrics`];
      const played = await round(urls);
      expect(played.result.state).to.include({ lastUrl: urls[1] });
      expect(played.texts[0]).to.include(`"last_source_used": "${urls[1] ?? ''}"`);

      first.behave(BROKEN.reset);
      const next = await round(urls, { state: played.result.state ?? null });
      expect(next.result.state).to.include({ lastUrl: urls[2] });
      first.behave(answer(PAGE));
      await round(urls, { state: next.result.state ?? null });
      expect(second.requests).to.have.lengthOf(2);
    });

    it('starts from the first URL when the last good one died, also if that stands behind', async () => {
      const first = await start(answer(PAGE));
      const dead = `http://127.0.0.1:${await deadPort()}/metrics`;
      const { result } = await round([`${first.url}/metrics`, dead], { state: { lastUrl: dead } });
      expect(result.state).to.include({ lastUrl: `${first.url}/metrics` });
    });

    it('stays with a URL whose answer is an error: only unreachable moves on', async () => {
      const broken = await start(BROKEN['HTML page']);
      const healthy = await start(answer(PAGE));
      const { result } = await round([broken.url, healthy.url]);
      expect(result.reported?.code).to.equal(5003);
      expect(result.state).to.include({ lastUrl: broken.url });
      expect(healthy.requests).to.have.lengthOf(0);
    });

    it('remembers a URL that answered with an error after another was unreachable', async () => {
      const broken = await start(BROKEN.truncated);
      const { result, texts } = await round([`http://127.0.0.1:${await deadPort()}/`, broken.url]);
      expect(result.reported?.code).to.equal(5005);
      expect(texts[0]).to.include(`"last_source_used": "${broken.url}"`);
      expect(result.state).to.include({ lastUrl: broken.url });
    });

    it('keeps the last good URL when none answers, asks each once, and ends in time', async () => {
      const silent = await Promise.all([1, 2, 3, 4].map(() => start(BROKEN['black hole'])));
      const urls = silent.map((stub) => stub.url);
      // Long enough for a question to arrive on a busy machine.
      const timeouts = { ...SHORT, walkMs: 3_000, urlMs: 1_000 };
      const { result, texts } = await round(urls, { state: { lastUrl: urls[2] ?? '' }, timeouts });
      expect(result.reported?.code).to.equal(5015);
      expect(result.state).to.include({ lastUrl: urls[2] });
      expect(texts[0]).to.include(`"last_source_used": "${urls[2] ?? ''}"`);
      for (const stub of silent) expect(stub.requests).to.have.lengthOf(1);
    });

    it('forgets a last URL that is no longer configured', async () => {
      const stub = await start(answer(PAGE));
      const { result } = await round([stub.url], { state: { lastUrl: 'http://127.0.0.1:9/gone' } });
      expect(result.state).to.include({ lastUrl: stub.url });
    });
  });

  describe('looking up a currency symbol', () => {
    const UNKNOWN = page(/^eth_balance/, 'eth_balance{account="0xab",evmChainID="424242"} 1\n');
    const CHAINS = JSON.stringify([
      { name: 'Other', chainId: 1, nativeCurrency: { symbol: 'ETH' } },
      { name: 'Ours', chainId: 424242, nativeCurrency: { name: 'Test', symbol: 'TST', decimals: 18 } },
    ]);
    const symbolOf = (played: PlayedRound): string =>
      /"symbol": "([^"]*)"/.exec(played.texts[0] ?? '')?.[1] ?? 'none';

    it('asks nobody for a chain of the built-in table', async () => {
      const symbols = await start(answer(CHAINS));
      const played = await roundOn(answer(PAGE), { symbolUrl: symbols.url });
      expect(symbolOf(played)).to.equal('ETH');
      expect(symbols.requests).to.have.lengthOf(0);
    });

    it('asks once for another chain, and again after a day', async () => {
      const symbols = await start(answer(CHAINS));
      const node = await start(answer(UNKNOWN));
      let state: JsonValue = null;
      const asked: number[] = [];
      for (const hours of [0, 1, 23, 25, 26]) {
        const played = await round([node.url], {
          symbolUrl: symbols.url,
          state,
          nowMs: NOW_MS + hours * HOUR_MS,
        });
        expect(symbolOf(played)).to.equal('TST');
        state = played.result.state ?? null;
        asked.push(symbols.requests.length);
      }
      expect(asked).to.deep.equal([1, 1, 1, 2, 2]);
    });

    it('publishes an empty symbol while the look-up fails, and tries again every ten minutes only', async () => {
      const symbols = await start(BROKEN['HTTP 500']);
      const node = await start(answer(UNKNOWN));
      let state: JsonValue = null;
      const asked: number[] = [];
      for (const minutes of [0, 1, 9, 11]) {
        const played = await round([node.url], {
          symbolUrl: symbols.url,
          state,
          nowMs: NOW_MS + minutes * 60_000,
        });
        expect(symbolOf(played)).to.equal('');
        expect(played.result.reported).to.equal(undefined);
        state = played.result.state ?? null;
        asked.push(symbols.requests.length);
      }
      expect(asked).to.deep.equal([1, 1, 1, 2]);
    });

    it('keeps the old symbol when a refresh fails', async () => {
      const symbols = await start(answer(CHAINS));
      const node = await start(answer(UNKNOWN));
      const first = await round([node.url], { symbolUrl: symbols.url });
      symbols.behave(BROKEN.reset);
      const later = await round([node.url], {
        symbolUrl: symbols.url,
        state: first.result.state ?? null,
        nowMs: NOW_MS + 25 * HOUR_MS,
      });
      expect(symbolOf(later)).to.equal('TST');
      expect(later.logs.map((log) => log.level)).to.deep.equal(['warn']);
    });

    const FAILURES: readonly (readonly [how: string, behaviour: Behaviour])[] = [
      // Its look-up alone is cut short by the deadline: the node itself answers.
      ['is silent', BROKEN['black hole']],
      ['is too large', BROKEN['too large']],
      ['is no JSON', BROKEN['HTML page']],
      ['is no list', answer('{"chains": []}')],
      ['lacks the chain', answer('[{"chainId": 1, "nativeCurrency": {"symbol": "ETH"}}]')],
      ['has null fields', answer('[null, {"chainId": 424242, "nativeCurrency": null}]')],
      ['has a symbol that is no text', answer('[{"chainId": 424242, "nativeCurrency": {"symbol": 5}}]')],
      ['redirects elsewhere', BROKEN['redirect elsewhere']],
    ];
    for (const [how, behaviour] of FAILURES) {
      it(`publishes the rest of the data when the list ${how}`, async () => {
        const symbols = await start(behaviour);
        const timeouts = how === 'is silent' ? { ...PATIENT, symbolMs: SHORT.symbolMs } : PATIENT;
        const played = await roundOn(answer(UNKNOWN), { symbolUrl: symbols.url, timeouts });
        expect(played.result.reported).to.equal(undefined);
        expect(symbolOf(played)).to.equal('');
      });
    }

    it('asks nobody when look-ups are switched off', async () => {
      const symbols = await start(answer(CHAINS));
      const played = await roundOn(answer(UNKNOWN), { symbolUrl: symbols.url, symbolLookup: false });
      expect(symbolOf(played)).to.equal('');
      expect(symbols.requests).to.have.lengthOf(0);
    });
  });

  for (const state of [
    5,
    'x',
    [],
    { lastUrl: 7, symbol: {}, symbolAt: 'soon', chainId: [] },
  ] as JsonValue[]) {
    it(`tolerates an old state of ${JSON.stringify(state)}`, async () => {
      const played = await roundOn(answer(PAGE), { state });
      expectGolden(`${GOLDENS}/result`, shown(played));
    });
  }

  it('never shows credentials of its URLs', async () => {
    const url = `http://alice:hunter2@127.0.0.1:${await deadPort()}/metrics?token=hunter2`;
    for (const played of [await round([url]), await round(['ftp://alice:hunter2@h/'])]) {
      expect(JSON.stringify([played.texts, played.logs])).to.not.include('hunter2');
    }
  });

  it('passes an abort on instead of reporting it', async () => {
    const reason = new VedetteError('MONITOR_ROUND_TIMEOUT', 'too slow');
    const aborted = round(['http://127.0.0.1:9/'], { signal: AbortSignal.abort(reason) });
    expect(await aborted.catch((error: unknown) => error)).to.equal(reason);
  });

  it('is what the module exports as its default', () => {
    expect(defaultMonitor).to.have.property('round');
  });
});
