/** What httpRequest does with servers that answer, on real loopback sockets. */
import { createServer as createTlsServer } from 'node:https';
import * as http from 'node:http';
import type * as net from 'node:net';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { serialiseError, type ErrorCode } from '@vedette/contract';
import { expect } from 'chai';
import { closeHttp, httpRequest, type HttpRequest } from '../../src/sources/http.js';
import { refused } from '../support/refused.js';
import { closeAll, httpServer, listen, rawServer } from '../support/servers.js';
import { CERTIFICATE, PRIVATE_KEY } from '../support/certificate.js';

const text = async (request: HttpRequest): Promise<string> => (await httpRequest(request)).body.toString();

describe('httpRequest', () => {
  afterEach(async () => {
    closeHttp();
    await closeAll();
  });

  describe('a good answer', () => {
    it('brings status, headers, body and URL, whatever the status', async () => {
      const url = await httpServer((_request, response) => {
        response.writeHead(503, { 'x-a': '1' }).end('busy');
      });
      const answer = await httpRequest({ url: `${url}/metrics?a=1` });
      expect(answer.status).to.equal(503);
      expect(answer.headers['x-a']).to.equal('1');
      expect(answer.body.toString()).to.equal('busy');
      expect(answer.url).to.equal(`${url}/metrics?a=1`);
    });

    it('sends method, headers and body of a POST', async () => {
      const url = await httpServer((request, response) => {
        request.setEncoding('utf8');
        let body = '';
        request.on('data', (chunk: string) => (body += chunk));
        request.on('end', () => {
          response.end(JSON.stringify([request.method, request.headers['content-type'], body]));
        });
      });
      const headers = { 'content-type': 'application/json' };
      const answer = await text({ url, method: 'POST', headers, body: '{"é":1}' });
      expect(JSON.parse(answer)).to.deep.equal(['POST', 'application/json', '{"é":1}']);
    });

    it('decodes gzip and both kinds of deflate, offered or not', async () => {
      const encoders = { gzip: gzipSync, deflate: deflateSync, raw: deflateRawSync };
      const url = await httpServer((request, response) => {
        const kind = (request.url ?? '').slice(1) as keyof typeof encoders;
        response.setHeader('content-encoding', kind === 'raw' ? 'deflate' : kind);
        response.end(encoders[kind]('hello'));
      });
      for (const kind of Object.keys(encoders))
        expect(await text({ url: `${url}/${kind}` })).to.equal('hello');
    });

    it('offers gzip only when asked to', async () => {
      const url = await httpServer((request, response) => {
        response.end(request.headers['accept-encoding']);
      });
      expect(await text({ url })).to.equal('identity');
      expect(await text({ url, isCompressed: true })).to.equal('gzip');
    });

    it('takes an empty body and a 204', async () => {
      const url = await httpServer((request, response) => {
        response.writeHead(request.url === '/none' ? 204 : 200, { 'content-encoding': 'gzip' }).end();
      });
      expect(await text({ url: `${url}/none` })).to.equal('');
      expect(await text({ url })).to.equal('');
    });

    it('reads a body that ends with the connection', async () => {
      const url = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nold server'));
      expect(await text({ url })).to.equal('old server');
    });

    it('reads over a foreign certificate only when told so', async () => {
      const server = createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (_request, response) => {
        response.end('secret');
      });
      const url = (await listen(server)).replace('http:', 'https:');
      expect(await text({ url, isTlsVerified: false })).to.equal('secret');
      await refused({ url }, 'SOURCE_UNREACHABLE');
    });
  });

  describe('credentials in the URL', () => {
    it('go out as Basic authorisation, decoded, and not in the answer', async () => {
      const url = await httpServer((request, response) => {
        response.end(request.headers.authorization);
      });
      const answer = await httpRequest({ url: url.replace('//', '//me%40home:p%3Aq@') });
      expect(answer.body.toString()).to.equal(`Basic ${Buffer.from('me@home:p:q').toString('base64')}`);
      expect(answer.url).to.equal(`${url}/`);
    });

    it('never stand in an error, its details, causes or stack', async () => {
      const closed = await rawServer(() => undefined);
      await closeAll();
      const cases: [string, ErrorCode][] = [
        [closed.replace('//', '//user:hunter2@'), 'SOURCE_UNREACHABLE'],
        ['ftp://user:hunter2@localhost/', 'SOURCE_BAD_URL'],
        ['http://user:hunter2@/x', 'SOURCE_BAD_URL'],
        ['http://user:hunter2@[bad/', 'SOURCE_BAD_URL'],
      ];
      for (const [url, code] of cases) {
        const error = await refused({ url }, code);
        expect(JSON.stringify(serialiseError(error))).to.not.include('hunter2');
      }
    });
  });

  describe('redirects', () => {
    it('are followed on the same host, keeping credentials and naming the last URL', async () => {
      const url = await httpServer((request, response) => {
        if (request.url === '/a') response.writeHead(301, { location: '/b?x=1' }).end('moved');
        else response.end(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
      });
      const answer = await httpRequest({ url: `${url.replace('//', '//u:p@')}/a` });
      expect(answer.body.toString()).to.equal('/b?x=1 Basic dTpw');
      expect(answer.url).to.equal(`${url}/b?x=1`);
    });

    it('turn a POST into a GET for 303 and repeat it for 307', async () => {
      const url = await httpServer((request, response) => {
        const status = Number((request.url ?? '').slice(1));
        if (status > 0) response.writeHead(status, { location: '/' }).end();
        else request.on('data', () => undefined).on('end', () => response.end(request.method));
      });
      expect(await text({ url: `${url}/303`, method: 'POST', body: 'x' })).to.equal('GET');
      expect(await text({ url: `${url}/307`, method: 'POST', body: 'x' })).to.equal('POST');
    });

    it('to another host, port or scheme are refused without asking there', async () => {
      let strangers = 0;
      const other = await httpServer((_request, response) => {
        strangers += 1;
        response.end();
      });
      const targets = [
        other,
        'http://localhost.invalid/',
        'https://127.0.0.1/',
        'file:///etc/passwd',
        '//evil/',
      ];
      for (const location of targets) {
        const url = await httpServer((_request, response) => {
          response.writeHead(302, { location }).end();
        });
        await refused({ url }, 'SOURCE_REDIRECT_REFUSED');
      }
      expect(strangers).to.equal(0);
    });

    it('are given up after the fifth', async () => {
      let asked = 0;
      const url = await httpServer((_request, response) => {
        asked += 1;
        response.writeHead(302, { location: '/' }).end();
      });
      await refused({ url }, 'SOURCE_REDIRECT_REFUSED');
      expect(asked).to.equal(6);
    });

    it('without a location are an answer', async () => {
      const url = await httpServer((_request, response) => {
        response.writeHead(302).end('nowhere');
      });
      expect(await text({ url })).to.equal('nowhere');
    });
  });

  describe('an aborted signal', () => {
    it('rejects with its reason, before and during the request', async () => {
      const url = await rawServer(() => undefined);
      const reason = new Error('enough');
      const controller = new AbortController();
      const pending = httpRequest({ url, signal: controller.signal });
      controller.abort(reason);
      expect(await pending.catch((error: unknown) => error)).to.equal(reason);
      const late = httpRequest({ url, signal: controller.signal });
      expect(await late.catch((error: unknown) => error)).to.equal(reason);
    });

    it('leaves no listener on the signal after an answer', async () => {
      const url = await httpServer((_request, response) => {
        response.end('ok');
      });
      const controller = new AbortController();
      let listeners = 0;
      const { signal } = controller;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: Parameters<typeof add>) => ((listeners += 1), add(...args));
      signal.removeEventListener = (...args: Parameters<typeof remove>) => (
        (listeners -= 1),
        remove(...args)
      );
      await httpRequest({ url, signal });
      expect(listeners).to.equal(0);
    });
  });

  describe('kept-alive connections', () => {
    it('are reused, or closed when not wanted', async () => {
      const ports = new Set<number | undefined>();
      const url = await httpServer((request, response) => {
        ports.add(request.socket.remotePort);
        response.end(request.headers.connection);
      });
      expect(await text({ url })).to.equal('keep-alive');
      expect(await text({ url })).to.equal('keep-alive');
      expect(ports.size).to.equal(1);
      expect(await text({ url, isKeptAlive: false })).to.equal('close');
      expect(ports.size).to.equal(2);
    });

    const closing = (socket: net.Socket, count: number): void => {
      // Looks kept alive, but resets as soon as the second request comes in on it.
      if (count === 2) socket.resetAndDestroy();
      else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n${count}`);
    };

    it('that the server closed meanwhile cost a GET nothing', async () => {
      const url = await rawServer((socket, _head, count) => {
        closing(socket, count);
      });
      expect(await text({ url })).to.equal('1');
      expect(await text({ url })).to.equal('3');
    });

    it('that the server closed meanwhile fail a POST, unless it is repeatable', async () => {
      const server = (): Promise<string> =>
        rawServer((socket, _head, count) => {
          closing(socket, count);
        });
      const first = await server();
      await text({ url: first, method: 'POST' });
      await refused({ url: first, method: 'POST' }, 'SOURCE_UNREACHABLE');
      const second = await server();
      await text({ url: second, method: 'POST' });
      expect(await text({ url: second, method: 'POST', isRepeatable: true })).to.equal('3');
    });

    it('are tried again only once', async () => {
      let asked = 0;
      const url = await rawServer((socket, _head, count) => {
        asked = count;
        if (count === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        else socket.resetAndDestroy();
      });
      await text({ url });
      await refused({ url }, 'SOURCE_UNREACHABLE');
      expect(asked).to.equal(3);
    });
  });

  it('serves fifty requests at once and leaves nothing open', async () => {
    const url = await httpServer((request, response) => {
      setImmediate(() => response.end(request.url));
    });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => text({ url: `${url}/${index}` })),
    );
    expect(answers).to.deep.equal(Array.from({ length: 50 }, (_, index) => `/${index}`));
    expect(http.globalAgent.freeSockets).to.deep.equal({});
  });
});
