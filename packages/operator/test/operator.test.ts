import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { eventually } from '../../../test/support/eventually.js';
import { isVedetteError, type ErrorCode } from '@vedette/contract';
import { fixedToken, Operator, type OperatorOptions } from '../src/index.js';
import { aManager, aSpec, type TestManager } from './support/a-manager.js';
import { readPage } from './support/exposition.js';
import { rawHttp } from './support/raw-http.js';

const TOKEN = 'a-token-of-the-tests-0123456789';

describe('Operator', () => {
  let under: TestManager;
  let operator: Operator | null = null;
  beforeEach(() => {
    under = aManager();
  });
  afterEach(async () => {
    await operator?.close();
    operator = null;
    await under.manager.stop();
  });

  const open = async (options: Partial<OperatorOptions> = {}, retryMs?: number): Promise<string> => {
    operator = new Operator({ manager: under.manager, listen: { host: '127.0.0.1', port: 0 }, ...options });
    return operator.listen(retryMs);
  };
  const rejectsWith = async (code: ErrorCode, work: Promise<unknown>): Promise<void> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isVedetteError(error, code), String(error)).to.equal(true);
  };

  it('tells that it is alive at once and ready once the manager works, and neither after its end', async () => {
    const url = await open();
    expect((await fetch(`${url}/-/healthy`)).status).to.equal(200);
    const early = await fetch(`${url}/-/ready`);
    expect([early.status, await early.text()]).to.deep.equal([503, 'not ready: the manager is idle\n']);
    await under.manager.start();
    const ready = await fetch(`${url}/-/ready`);
    expect([ready.status, await ready.text()]).to.deep.equal([200, 'ready\n']);
    under.source.sink?.reportIntake({ isReading: false, unsettled: 0 });
    expect(await (await fetch(`${url}/-/ready`)).text()).to.equal(
      'not ready: the config queues are not read yet\n',
    );
    await under.manager.stop();
    const healthy = await fetch(`${url}/-/healthy`);
    const late = await fetch(`${url}/-/ready`);
    expect([healthy.status, late.status]).to.deep.equal([503, 503]);
  });

  it('refuses a taken port with a code, and takes it when it becomes free in time', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const listen = { host: '127.0.0.1', port };
    await rejectsWith('LISTEN_ADDRESS_IN_USE', open({ listen }));
    await operator?.close();
    const opened = open({ listen }, 10_000);
    taken.close();
    expect(await opened).to.equal(`http://127.0.0.1:${port}`);
  });

  it('refuses an address of no interface, and one others can reach without a token', async () => {
    await rejectsWith(
      'LISTEN_FAILED',
      open({ listen: { host: '192.0.2.1', port: 0 }, tokens: fixedToken(TOKEN) }),
    );
    await rejectsWith('LISTEN_NEEDS_TOKEN', open({ listen: { host: '0.0.0.0', port: 0 } }));
  });

  it('listens elsewhere with a token, which all but health needs', async () => {
    const url = await open({ listen: { host: '0.0.0.0', port: 0 }, tokens: fixedToken(TOKEN) });
    const at = url.replace('0.0.0.0', '127.0.0.1');
    const statusOf = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(`${at}${path}`, { headers })).status;
    expect(await statusOf('/-/healthy')).to.equal(200);
    expect(await statusOf('/nothing')).to.equal(401);
    expect(await statusOf('/nothing', { authorization: `Bearer ${TOKEN}x` })).to.equal(401);
    expect(await statusOf('/nothing', { authorization: `Bearer ${TOKEN}` })).to.equal(404);
  });

  it('hears no token of an address that sent ten wrong ones', async () => {
    const url = await open({ tokens: fixedToken(TOKEN) });
    const ask = (token: string): Promise<Response> =>
      fetch(`${url}/-/healthy`, { headers: { authorization: `Bearer ${token}` } });
    for (let wrong = 0; wrong < 10; wrong += 1) expect((await ask(`wrong-${wrong}`)).status).to.equal(401);
    const limited = await ask(TOKEN);
    expect(limited.status).to.equal(429);
    expect(Number(limited.headers.get('retry-after'))).to.be.within(1, 60);
    expect((await fetch(`${url}/-/healthy`)).status).to.equal(200);
  });

  it('closes in time with connections open, one of them in the middle of a request', async () => {
    const url = await open();
    const { port } = new URL(url);
    const idle = connect(Number(port), '127.0.0.1');
    const busy = connect(Number(port), '127.0.0.1');
    await Promise.all([once(idle, 'connect'), once(busy, 'connect')]);
    const closed = Promise.all(
      [idle, busy].map((socket) => {
        socket.on('error', () => undefined);
        return new Promise((resolve) => socket.once('close', resolve));
      }),
    );
    busy.write('POST /api HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nhal');
    await operator?.close(1_000);
    await closed;
    expect(await fetch(`${url}/-/healthy`).catch(() => 'refused')).to.equal('refused');
  });

  it('serves metrics, and counts its own answers by route', async () => {
    const url = await open();
    await fetch(`${url}/nothing/1`);
    await fetch(`${url}/nothing/2`);
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    const { series } = readPage(await answer.text());
    expect(series.get('vedette_http_requests_total{route="none",status="404"}')).to.equal(2);
    expect([...series.keys()].some((key) => key.startsWith('vedette_info{'))).to.equal(true);
  });

  it('makes no more pages than ten at a time for readers that do not read', async () => {
    const specs = Array.from({ length: 3_000 }, (_none, index) => aSpec(`n-${index}`));
    await under.run(...specs);
    const url = await open();
    const { port } = new URL(url);
    const sockets = Array.from({ length: 10 }, () => connect(Number(port), '127.0.0.1').pause());
    // A connection each: a client's pool would wait for its own.
    const statusOf = async (): Promise<number> =>
      (await rawHttp(url, 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')).status;
    try {
      for (const socket of sockets) {
        socket.on('error', () => undefined);
        socket.write('GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      }
      await eventually(async () => (await statusOf()) === 503, { deadlineMs: 10_000 });
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    await eventually(async () => (await statusOf()) === 200, { deadlineMs: 10_000 });
  });

  it('answers what it cannot serve as problems with a code and a remedy', async () => {
    const url = await open();
    const answer = await fetch(`${url}/nothing/<b>here`);
    expect(answer.headers.get('content-type')).to.include('application/problem+json');
    expect(await answer.json()).to.deep.equal({
      type: 'urn:vedette:error:API_NOT_FOUND',
      title: 'There is nothing at this path',
      status: 404,
      code: 'API_NOT_FOUND',
      detail: 'there is nothing at this path',
      remedy: 'See the paths in /api/v1/openapi.json',
    });
    expect(answer.headers.get('content-security-policy')).to.include("default-src 'none'");
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
    expect((await fetch(`${url}/-/healthy`, { method: 'POST' })).status).to.equal(405);
  });
});
