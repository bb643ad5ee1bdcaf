import { VedetteError, type JsonValue } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { expectGolden } from '../../../test/support/golden.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { answer, BROKEN, deadPort, startStub, type Behaviour } from '../../../test/support/stub-source.js';
import defaultMonitor, { evmNodeMonitor } from '../src/evm-node/monitor.js';

const GOLDENS = 'packages/monitors-evm/test/goldens/evm-node';
const NODE = identity('evm-node', 'geth-1', 'Node monitor (geth-1)', 'evm_1');
/** Nodes that must run into the deadline: a short one there, a patient one for those that answer. */
const SILENT = ['black hole', 'slow drip'];
const SHORT_MS = 250;
const PATIENT_MS = 5_000;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: JsonValue;
}

/** Answers each method with the member given: a `result`, or whatever else a node may send. */
function rpc(members: Record<string, object>, options: Parameters<typeof answer>[1] = {}): Behaviour {
  return (socket, request) => {
    const call = JSON.parse(request.body) as Call;
    const reply = { jsonrpc: '2.0', id: call.id, ...members[call.method] };
    answer(JSON.stringify(reply), { type: 'application/json', ...options })(socket, request);
  };
}

const HEALTHY = { eth_blockNumber: { result: '0x11a49a0' }, eth_syncing: { result: false } };

function round(url: string, timeoutMs = PATIENT_MS, signal?: AbortSignal): Promise<PlayedRound> {
  return playRound(evmNodeMonitor(timeoutMs), {
    settings: { url, verifyTls: true },
    monitor: NODE,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function roundOn(
  behaviour: Behaviour,
  timeoutMs?: number,
): Promise<PlayedRound & { url: string; bodies: string[] }> {
  const stub = await startStub(behaviour);
  try {
    const played = await round(stub.url, timeoutMs);
    return { ...played, url: stub.url, bodies: stub.requests.map((request) => request.body) };
  } finally {
    await stub.close();
    closeHttp();
  }
}

describe('the EVM node monitor', () => {
  after(closeHttp);

  it('publishes height and sync state as PANIC would', async () => {
    const { texts, result } = await roundOn(rpc(HEALTHY));
    expect(result.messages).to.have.lengthOf(1);
    expect(result.messages[0]?.routingKey).to.equal('node.evm');
    expectGolden(`${GOLDENS}/result`, texts[0] ?? '');
    expect(result.facts).to.include({ block_height: 18_500_000, is_syncing: 0 });
    expect(result.facts?.['request_seconds']).to.be.a('number');
  });

  it('publishes a syncing node', async () => {
    const progress = { startingBlock: '0x0', currentBlock: '0x10', highestBlock: '0x20' };
    const { texts, result } = await roundOn(rpc({ ...HEALTHY, eth_syncing: { result: progress } }));
    expectGolden(`${GOLDENS}/syncing`, texts[0] ?? '');
    expect(result.facts).to.include({ is_syncing: 1 });
  });

  it('asks two questions and no other: the chain id is not its business', async () => {
    const { bodies } = await roundOn(rpc(HEALTHY));
    const calls = bodies.map((body) => JSON.parse(body) as Call);
    expect(calls.map((call) => call.method)).to.have.members(['eth_blockNumber', 'eth_syncing']);
    expect(calls.map((call) => call.params)).to.deep.equal([[], []]);
  });

  const FORMS: readonly (readonly [
    what: string,
    members: Record<string, object>,
    height: number,
    is: boolean,
  ])[] = [
    ['a decimal text height', { ...HEALTHY, eth_blockNumber: { result: '1200' } }, 1200, false],
    ['a plain number height', { ...HEALTHY, eth_blockNumber: { result: 1200 } }, 1200, false],
    ['the genesis block', { ...HEALTHY, eth_blockNumber: { result: '0x0' } }, 0, false],
    [
      'a null error beside the result',
      { ...HEALTHY, eth_blockNumber: { result: '0x1', error: null } },
      1,
      false,
    ],
    ['another id than asked', { ...HEALTHY, eth_blockNumber: { id: 'x', result: '0x1' } }, 1, false],
    ['syncing true', { ...HEALTHY, eth_syncing: { result: true } }, 18_500_000, true],
    ['an empty progress object', { ...HEALTHY, eth_syncing: { result: {} } }, 18_500_000, false],
  ];
  for (const [what, members, height, isSyncing] of FORMS) {
    it(`understands ${what}`, async () => {
      const { texts } = await roundOn(rpc(members));
      expect(texts[0]).to.include(`"data": {"current_height": ${height}, "syncing": ${isSyncing}}`);
    });
  }

  it('does not mind a wrong content type', async () => {
    const { result } = await roundOn(rpc(HEALTHY, { type: 'text/html' }));
    expect(result.reported).to.equal(undefined);
  });

  it('reports an unreachable node as 5015', async () => {
    const { texts, result } = await round(`http://127.0.0.1:${await deadPort()}`);
    expect(result.reported?.code).to.equal(5015);
    expectGolden(`${GOLDENS}/unreachable`, texts[0] ?? '');
  });

  it('reports an answer that breaks off as 5005', async () => {
    const { texts } = await roundOn(BROKEN.truncated);
    expectGolden(`${GOLDENS}/broken-off`, texts[0] ?? '');
  });

  it('reports a URL without a scheme as 5009', async () => {
    const { texts } = await round('10.0.0.5:8545');
    expectGolden(`${GOLDENS}/bad-url`, texts[0] ?? '');
  });

  const CODES: readonly (readonly [source: keyof typeof BROKEN, code: number])[] = [
    ['reset', 5015],
    ['black hole', 5015],
    ['slow drip', 5015],
    ['not HTTP', 5015],
    ['HTTP 429', 5015],
    ['HTTP 500', 5015],
    ['HTTP 503', 5015],
    ['truncated', 5005],
    ['malformed chunks', 5005],
    ['redirect loop', 5009],
    ['redirect elsewhere', 5009],
    ['HTTP 401', 5009],
    ['404 page', 5009],
    ['HTML page', 5009],
    ['garbage', 5009],
    ['empty body', 5009],
    ['JSON body', 5009],
    ['too large', 5009],
    ['invalid UTF-8', 5009],
  ];
  for (const [source, code] of CODES) {
    it(`reports ${code} for a node that is broken by: ${source}`, async () => {
      const { result, texts, bodies } = await roundOn(
        BROKEN[source],
        SILENT.includes(source) ? SHORT_MS : undefined,
      );
      expect(result.reported?.code).to.equal(code);
      expect(JSON.parse(texts[0] ?? '')).to.have.nested.property('error.code', code);
      expect(result.facts).to.equal(undefined);
      // No retry storm: each of the two calls at most twice (a redirect loop ends by its own limit).
      if (source !== 'redirect loop') expect(bodies).to.have.length.within(2, 4);
    });
  }

  it('knows every way of being broken', () => {
    expect(CODES.map(([source]) => source)).to.have.members(Object.keys(BROKEN));
  });

  const REPLIES: readonly (readonly [what: string, members: Record<string, object>, code: number])[] = [
    [
      'an internal error',
      { ...HEALTHY, eth_blockNumber: { error: { code: -32603, message: 'Internal' } } },
      5015,
    ],
    [
      'a limit',
      { ...HEALTHY, eth_blockNumber: { error: { code: -32005, message: 'limit exceeded' } } },
      5015,
    ],
    ['an error without a code', { ...HEALTHY, eth_syncing: { error: 'busy' } }, 5015],
    [
      'an unknown method',
      { ...HEALTHY, eth_syncing: { error: { code: -32601, message: 'not found' } } },
      5009,
    ],
    ['a null height', { ...HEALTHY, eth_blockNumber: { result: null } }, 5009],
    ['a negative height', { ...HEALTHY, eth_blockNumber: { result: -1 } }, 5009],
    ['a fractional height', { ...HEALTHY, eth_blockNumber: { result: 1.5 } }, 5009],
    ['a height beyond all chains', { ...HEALTHY, eth_blockNumber: { result: '0xffffffffffffffff' } }, 5009],
    ['a height that is no number', { ...HEALTHY, eth_blockNumber: { result: '0xzz' } }, 5009],
    ['a height that is an object', { ...HEALTHY, eth_blockNumber: { result: { a: 1 } } }, 5009],
    ['a null sync state', { ...HEALTHY, eth_syncing: { result: null } }, 5009],
    ['a sync state as text', { ...HEALTHY, eth_syncing: { result: 'false' } }, 5009],
    ['a reply without a result', { ...HEALTHY, eth_syncing: {} }, 5009],
  ];
  for (const [what, members, code] of REPLIES) {
    it(`reports ${code} for ${what}`, async () => {
      const { result, bodies } = await roundOn(rpc(members));
      expect(result.reported?.code).to.equal(code);
      expect(bodies).to.have.lengthOf(2);
    });
  }

  it('tells what a node refused, as 5015', async () => {
    const error = { code: -32000, message: 'header not found' };
    const { result, url } = await roundOn(rpc({ ...HEALTHY, eth_blockNumber: { error } }));
    expect(result.reported?.message).to.equal(
      `Node geth-1 cannot serve: ${url}/ refused eth_blockNumber: "header not found"`,
    );
  });

  it('reports the same failure each time when both calls fail differently', async () => {
    const both = { eth_blockNumber: { result: null }, eth_syncing: { error: { code: -32603 } } };
    const { result } = await roundOn(rpc(both));
    expect(result.reported?.code).to.equal(5009);
  });

  it('asks once more on a fresh connection when the kept one was closed', async () => {
    let hasReset = false;
    const healthy = rpc(HEALTHY);
    const { result, bodies } = await roundOn((socket, request) => {
      if (hasReset) healthy(socket, request);
      else socket.resetAndDestroy();
      hasReset = true;
    });
    expect(result.reported).to.equal(undefined);
    expect(bodies).to.have.lengthOf(3);
  });

  it('never shows credentials of its URL, nor a key in its path', async () => {
    const port = await deadPort();
    const key = 'a1b2c3d4e5f6a1b2c3d4e5f6';
    for (const url of [
      `http://alice:hunter2@127.0.0.1:${port}/v3/${key}`,
      `ftp://alice:hunter2@127.0.0.1/${key}`,
    ]) {
      const { texts, logs } = await round(url);
      expect(JSON.stringify([texts, logs]))
        .to.not.include('hunter2')
        .and.not.include(key);
    }
    const { texts } = await roundOn(answer('no', { status: 403 }));
    expect(texts[0]).to.include('HTTP 403');
  });

  it('passes an abort on instead of reporting it', async () => {
    const reason = new VedetteError('MONITOR_ROUND_TIMEOUT', 'too slow');
    const thrown = await round('http://127.0.0.1:9/', undefined, AbortSignal.abort(reason)).catch(
      (error: unknown) => error,
    );
    expect(thrown).to.equal(reason);
  });

  it('is what the module exports as its default', () => {
    expect(defaultMonitor).to.have.property('round');
  });
});
