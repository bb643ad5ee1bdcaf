/** What clients send by mistake or on purpose. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGIES } from '@vedette/cli/kinds';
import { eventually } from '../../../test/support/eventually.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';
import { rawHttp } from './support/raw-http.js';

const KEY = 'chains.chainlink.testnet.evm_nodes_config';
const HEALTHY = 'GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
const TYPE = { 'content-type': 'application/json' };

describe('bad input of the API', () => {
  let under: TestOperator;
  let url: string;
  before(async () => {
    under = anOperator({}, STRATEGIES);
    await under.run(aSpec('a'));
    url = await under.operator.listen();
  });
  after(async () => {
    await under.stop();
  });
  const stillWorks = async (): Promise<void> => {
    expect((await under.get('/-/healthy')).status).to.equal(200);
    expect(under.manager.supervisor.status('evm-node:a')?.state.state).to.equal('running');
  };

  describe('bodies', () => {
    const post = (payload: string, headers: Record<string, string> = TYPE, path = '/api/v1/configs') =>
      under.ask({ method: 'POST', url: path, headers, payload });
    const cases: readonly [
      what: string,
      payload: string,
      headers: Record<string, string>,
      status: number,
      code: string,
    ][] = [
      [
        'of 5 MB',
        JSON.stringify({ routingKey: KEY, config: { a: 'x'.repeat(5_000_000) } }),
        TYPE,
        413,
        'API_TOO_LARGE',
      ],
      ['that is no JSON', '{"routingKey":', TYPE, 400, 'API_BAD_REQUEST'],
      ['that is empty', '', TYPE, 400, 'API_BAD_REQUEST'],
      ['that is a list', '[]', TYPE, 400, 'API_BAD_REQUEST'],
      [
        'with a field too many',
        `{"routingKey":"${KEY}","config":{},"extra":1}`,
        TYPE,
        400,
        'API_BAD_REQUEST',
      ],
      ['with a field too few', '{"config":{}}', TYPE, 400, 'API_BAD_REQUEST'],
      [
        'that would touch prototypes',
        `{"routingKey":"${KEY}","config":{},"__proto__":{"x":1}}`,
        TYPE,
        400,
        'API_BAD_REQUEST',
      ],
      [
        'of a web form',
        'routingKey=x',
        { 'content-type': 'application/x-www-form-urlencoded' },
        415,
        'API_UNSUPPORTED_TYPE',
      ],
      ['that a page could send unasked', '{}', { 'content-type': 'text/plain' }, 415, 'API_UNSUPPORTED_TYPE'],
    ];
    for (const [what, payload, headers, status, code] of cases) {
      it(`${what}: ${status} ${code}`, async () => {
        const answer = await post(payload, headers);
        expect([answer.status, answer.json.code]).to.deep.equal([status, code]);
        await stillWorks();
      });
    }

    it('nested 100,000 deep are refused, by the parser or as config', async () => {
      const { status, json, text } = await post(
        `{"routingKey":"${KEY}","config":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      );
      expect([status, json.code], text.slice(0, 300)).to.deep.equal([400, 'API_BAD_REQUEST']);
      await stillWorks();
    });

    it('name the field that is wrong and repeat no secret', async () => {
      const secret = await post(
        JSON.stringify({ routingKey: 1, config: 'http://user:hunter2@host', apiToken: 'hunter2' }),
      );
      expect(secret.json.detail).to.include('body.routingKey').and.not.include('hunter2');
      const action = await post('{"password":"hunter2"}', TYPE, '/api/v1/monitors/evm-node%3Aa/restart');
      expect(action.text).to.not.include('hunter2');
    });
  });

  it('paths that try to leave their place lead nowhere', async () => {
    const tricks = [
      '/../../etc/passwd',
      '/..%2f..%2fetc%2fpasswd',
      '/api/v1/monitors/../../../etc/passwd',
      '/api/v1/monitors/..%2F..%2F',
      '/api/v1/monitors/%00',
      '/api/v1/monitors/%zz',
      '/api/v1/monitors/%',
      '//evil.example/',
      '/\\evil',
      'http://evil.example/metrics',
      `/api/v1/monitors/${'a'.repeat(10_000)}`,
      '/api/v1/monitors/__proto__',
      '/api/v1/kinds/constructor',
    ];
    for (const path of tricks) {
      const { status, text } = await rawHttp(
        url,
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
      );
      expect(status, `${path}: ${text.slice(0, 200)}`).to.be.within(400, 499);
      expect(text).to.not.include('root:');
    }
    await stillWorks();
  });

  it('methods a path does not take are told apart from paths that are none', async () => {
    const cases: readonly [
      method: 'DELETE' | 'GET' | 'PUT',
      path: string,
      status: number,
      allow: string | undefined,
    ][] = [
      ['DELETE', '/api/v1/monitors/x', 405, 'GET'],
      ['GET', '/api/v1/monitors/x/restart', 405, 'POST'],
      ['PUT', '/api/v1/configs', 405, 'GET, POST'],
      ['PUT', '/metrics?x=1', 405, 'GET, HEAD'],
      ['GET', '/api/v1/nothing', 404, undefined],
    ];
    for (const [method, path, status, allow] of cases) {
      const { statusCode, headers } = await under.operator.server.inject({
        method,
        url: path,
        headers: { host: '127.0.0.1' },
      });
      expect([statusCode, headers['allow']], path).to.deep.equal([status, allow]);
    }
  });

  it('headers cannot be injected, and broken requests are told apart from Vedette failing', async () => {
    const cases: readonly [request: string, statuses: readonly number[]][] = [
      [
        'GET /api/v1/monitors/a%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
        [404],
      ],
      ['GET / HTTP/1.1\r\n\r\n', [400]],
      ['GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\nConnection: close\r\n\r\n', [200, 400]],
      ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\u0000b\r\n\r\n', [400]],
      ['NONSENSE\r\n\r\n', [400]],
      [`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, [431]],
      [
        'POST /api/v1/reload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        [400],
      ],
      ['GET /-/healthy HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', [421]],
    ];
    for (const [request, statuses] of cases) {
      const { status, text } = await rawHttp(url, request);
      expect(statuses, `${request.slice(0, 80)}: ${text.slice(0, 300)}`).to.include(status);
      expect(text.toLowerCase()).to.not.match(/^set-cookie/m);
    }
    await stillWorks();
  });

  it('any bytes at all end in an answer or a closed connection', async () => {
    const start = fc.constantFrom(
      '',
      'GET ',
      'GET / HTTP/1.1\r\n',
      'POST /api/v1/reload HTTP/1.1\r\nHost: 127.0.0.1\r\n',
    );
    const bytes = fc.tuple(start, fc.uint8Array({ maxLength: 200 }));
    const check = async ([begin, rest]: [string, Uint8Array]): Promise<void> => {
      const { status } = await rawHttp(
        url,
        Buffer.concat([Buffer.from(begin), rest, Buffer.from('\r\n\r\n\r\n\u0000')]),
      );
      expect(status).to.be.lessThan(500);
    };
    await fc.assert(fc.asyncProperty(bytes, check), { numRuns: 200 });
    await stillWorks();
  });

  it('more connections than there is room for are closed, and the others go on', async function () {
    this.timeout(60_000);
    const { port } = new URL(url);
    const sockets: Socket[] = [];
    let closed = 0;
    for (let count = 0; count < 1_500; count += 1) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.once('close', () => (closed += 1));
      sockets.push(socket);
      if (count % 100 === 99) await once(socket, 'connect');
    }
    await eventually(() => closed >= 1_500 - 512, { deadlineMs: 30_000, what: 'closed connections' });
    await stillWorks();
    for (const socket of sockets) socket.destroy();
    await eventually(async () => (await rawHttp(url, HEALTHY)).status === 200, {
      deadlineMs: 10_000,
    });
  });

  it('an id that vanishes while it is looked at is not found, and its stream goes on without it', async () => {
    await under.run(aSpec('a'), aSpec('gone'));
    const path = '/api/v1/monitors/evm-node%3Agone';
    expect((await under.get(path)).status).to.equal(200);
    await under.run(aSpec('a'));
    await eventually(async () => (await under.get(path)).status === 404);
    for (const word of ['restart', 'pause', 'resume', 'round']) {
      expect((await under.post(`${path}/${word}`)).json.code).to.equal('MONITOR_UNKNOWN_ID');
    }
  });

  it('names of every sort come back as they are, and never as more than text', async () => {
    const names = [
      '<script>alert(1)</script>',
      '\u202eevil',
      '🛰 sat',
      'x'.repeat(10_000),
      '"',
      '\\',
      '${x}',
      '{{x}}',
    ];
    await under.run(aSpec('a'), ...names.map((name, index) => aSpec(`n${index}`, { name, chain: name })));
    const { json, type } = await under.get('/api/v1/monitors?sort=id&limit=100');
    const told = (json.items as { name: string }[]).map(({ name }) => name);
    expect(told).to.include.members(names);
    expect(type).to.equal('application/json');
  });
});
