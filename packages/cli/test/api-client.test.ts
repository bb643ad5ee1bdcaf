/** How commands ask a manager, and what they say when the answer is none. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ApiClient, ApiRefusal } from '../src/remote/api-client.js';
import { CommandFailure } from '../src/exit-codes.js';

const DEADLINE_MS = 400;

describe('ApiClient', () => {
  let server: Server;
  let url = '';
  let asked: IncomingMessage | null = null;
  let body = '';
  before(async () => {
    server = createServer((request, response) => {
      asked = request;
      body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const problem = { code: 'MONITOR_PAUSED', detail: 'it is paused', remedy: 'Resume it' };
        const answers: Readonly<Record<string, () => void>> = {
          '/good': () => response.end('{"a":"ü"}'),
          '/problem': () => response.writeHead(409).end(JSON.stringify(problem)),
          '/unknown': () => response.writeHead(404).end(JSON.stringify(problem)),
          '/page': () => response.writeHead(502).end('<html>'),
          '/redirect': () => response.writeHead(302, { location: '/good' }).end(),
          '/garbage': () => response.end('<html>'),
          '/slow-body': () => response.write('{'),
          '/cut': () => response.write('one\ntw', () => response.destroy()),
          '/ends': () => response.end('one\ntwo\n'),
          '/stream': () => response.write('one\ntwo\nthr'),
        };
        answers[request.url ?? '']?.();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const client = (options: object = {}, env: Record<string, string> = {}): ApiClient =>
    new ApiClient({ url, ...options }, env, DEADLINE_MS);
  const failureOf = async (work: Promise<unknown>): Promise<CommandFailure> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof CommandFailure) return error;
    throw new Error(`no CommandFailure: ${String(error)}`);
  };
  const linesOf = async (path: string, signal = new AbortController().signal): Promise<string[]> => {
    const lines: string[] = [];
    for await (const line of client().lines(path, signal)) lines.push(line);
    return lines;
  };

  it('gives the JSON of a good answer, and sends its token and body', async () => {
    const token = { VEDETTE_API_TOKEN: 'token-0123456789' };
    expect(await client({}, token).post('/good', { b: 'ä' })).to.deep.equal({ a: 'ü' });
    expect(asked?.headers).to.include({
      authorization: 'Bearer token-0123456789',
      'content-type': 'application/json',
    });
    expect(body).to.equal('{"b":"ä"}');
    expect(await client().get('/good')).to.deep.equal({ a: 'ü' });
    expect(asked?.headers.authorization).to.equal(undefined);
  });

  const failures: readonly [what: string, path: string, status: number, message: RegExp][] = [
    ['a problem', '/problem', 1, /^MONITOR_PAUSED it is paused$/],
    ['what is not there', '/unknown', 2, /^MONITOR_PAUSED/],
    ['a page of a proxy', '/page', 1, /^HTTP status 502$/],
    ['a redirect, which it does not follow', '/redirect', 1, /^HTTP status 302$/],
    ['an answer that is no JSON', '/garbage', 1, /JSON/],
    ['silence', '/silence', 1, /no answer within 0.4 s$/],
    ['an answer that does not end', '/slow-body', 1, /no answer within 0.4 s$/],
  ];
  for (const [what, path, status, message] of failures) {
    it(`fails over ${what}`, async () => {
      const failure = await failureOf(client().get(path));
      expect([failure.status, failure.message]).to.satisfy(
        ([s, m]: [number, string]) => s === status && message.test(m),
      );
    });
  }

  it('tells the code of a problem to those who know more about it', async () => {
    const failure = await failureOf(client().get('/problem'));
    expect(failure).to.be.instanceOf(ApiRefusal).with.property('code', 'MONITOR_PAUSED');
    expect(failure.remedy).to.equal('Resume it');
  });

  it('says that nobody is there, and refuses an address that is none', async () => {
    const nobody = await failureOf(new ApiClient({ url: '127.0.0.1:1' }, {}).get('/x'));
    expect(nobody.message).to.equal('http://127.0.0.1:1: no manager answers there');
    expect(() => new ApiClient({ url: 'ftp://x' }, {})).to.throw(CommandFailure, /no address/);
  });

  it('gives the lines of a stream until it is told to stop, without an end of its own', async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    for await (const line of client().lines('/stream', stop.signal)) {
      lines.push(line);
      if (lines.length === 2) stop.abort();
    }
    expect(lines).to.deep.equal(['one', 'two']);
    for (const path of ['/cut', '/ends', '/silence', '/problem']) {
      expect(await failureOf(linesOf(path)), path).to.be.instanceOf(CommandFailure);
    }
    expect(await linesOf('/silence', AbortSignal.abort())).to.deep.equal([]);
  });
});
