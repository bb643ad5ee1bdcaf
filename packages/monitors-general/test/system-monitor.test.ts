import { VedetteError } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { expectGolden } from '../../../test/support/golden.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { answer, BROKEN, deadPort, startStub, type Behaviour } from '../../../test/support/stub-source.js';
import defaultMonitor, { systemMonitor } from '../src/system/monitor.js';

const PAGE = readFileSync(new URL('./fixtures/node-exporter.txt', import.meta.url), 'utf8');
const GOLDENS = 'packages/monitors-general/test/goldens/system';
const HOST = identity('system', 'host-a', 'System monitor (host-a)', 'sys_1');
/** Sources that must run into the deadline: a short one there, so that they cost a test little. */
const SILENT = ['black hole', 'slow drip'];
const SHORT_MS = 250;

function round(exporterUrl: string, timeoutMs?: number, signal?: AbortSignal): Promise<PlayedRound> {
  const settings = { exporterUrl, verifyTls: false };
  return playRound(systemMonitor(timeoutMs), {
    settings,
    monitor: HOST,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function roundOn(behaviour: Behaviour, timeoutMs?: number): Promise<PlayedRound & { url: string }> {
  const stub = await startStub(behaviour);
  try {
    const url = `${stub.url}/metrics`;
    return { ...(await round(url, timeoutMs)), url };
  } finally {
    await stub.close();
  }
}

describe('the system monitor', () => {
  after(closeHttp);

  it('publishes the ten values as PANIC would, reals as reals', async () => {
    const { texts, result } = await roundOn(answer(PAGE));
    expect(texts).to.have.lengthOf(1);
    expect(result.messages[0]?.routingKey).to.equal('system');
    expect(result.reported).to.equal(undefined);
    expectGolden(`${GOLDENS}/result`, texts[0] ?? '');
  });

  it('gives the same numbers as facts', async () => {
    const { result } = await roundOn(answer(PAGE));
    expect(result.facts).to.include({
      cpu_percent: 12.5,
      ram_percent: 61.27,
      storage_percent: 38.4,
      open_fds_percent: 1.171875,
      disk_io_seconds: 8123.5,
    });
    expect(result.facts?.['request_seconds']).to.be.a('number');
  });

  it('reads a page whatever content type and status it comes with', async () => {
    const { texts } = await roundOn(answer(PAGE, { type: 'text/html', status: 500 }));
    expectGolden(`${GOLDENS}/result`, texts[0] ?? '');
  });

  it('reads a page with lines it cannot understand and bytes that are no UTF-8', async () => {
    const page = Buffer.concat([
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from('{"json": 1}\n'),
      Buffer.from(PAGE),
      Buffer.from([0xc3, 0x28]),
    ]);
    const { texts } = await roundOn(answer(page));
    expectGolden(`${GOLDENS}/result`, texts[0] ?? '');
  });

  it('reports an unreachable exporter as 5004', async () => {
    const { texts, result } = await round(`http://127.0.0.1:${await deadPort()}/metrics`);
    expect(result.reported?.code).to.equal(5004);
    expectGolden(`${GOLDENS}/unreachable`, texts[0] ?? '');
  });

  it('reports an answer that breaks off as 5005', async () => {
    const { texts } = await roundOn(BROKEN.truncated);
    expectGolden(`${GOLDENS}/broken-off`, texts[0] ?? '');
  });

  it('reports a URL without a scheme as 5009', async () => {
    const { texts } = await round('10.0.0.5:9100/metrics');
    expectGolden(`${GOLDENS}/bad-url`, texts[0] ?? '');
  });

  it('reports a missing metric as 5003, with metric and endpoint', async () => {
    const { result, url } = await roundOn(answer(PAGE.replace(/^node_memory_MemTotal.*$/gm, '')));
    expect(result.reported).to.deep.equal({
      code: 5003,
      message: `Metric node_memory_MemTotal_bytes was not found at ${url}`,
    });
  });

  const CODES: readonly (readonly [source: keyof typeof BROKEN, code: number])[] = [
    ['reset', 5004],
    ['black hole', 5004],
    ['slow drip', 5004],
    ['not HTTP', 5004],
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
      const { result, texts } = await roundOn(BROKEN[source], SILENT.includes(source) ? SHORT_MS : undefined);
      expect(result.reported?.code).to.equal(code);
      expect(JSON.parse(texts[0] ?? '')).to.have.nested.property('error.code', code);
      expect(result.facts).to.equal(undefined);
    });
  }

  it('knows every way of being broken', () => {
    expect(CODES.map(([source]) => source)).to.have.members(Object.keys(BROKEN));
  });

  it('never shows credentials of its URL', async () => {
    for (const url of [`http://alice:hunter2@127.0.0.1:${await deadPort()}/`, 'alice:hunter2@host/metrics']) {
      const { texts, logs } = await round(url);
      expect(texts[0]).to.include('"error"');
      expect(JSON.stringify([texts, logs])).to.not.include('hunter2');
    }
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
