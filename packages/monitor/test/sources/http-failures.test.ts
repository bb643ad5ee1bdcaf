/** Each family of failure of httpRequest, made by a real loopback server. */
import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { closeHttp, httpRequest } from '../../src/sources/http.js';
import { refused } from '../support/refused.js';
import { closeAll, httpServer, listen, rawServer } from '../support/servers.js';
import { CERTIFICATE, PRIVATE_KEY } from '../support/certificate.js';

describe('httpRequest, failures', () => {
  afterEach(async () => {
    closeHttp();
    await closeAll();
  });

  describe('SOURCE_BAD_URL', () => {
    const urls = [
      '',
      'localhost:9100/metrics',
      '/metrics',
      'file:///etc/passwd',
      'ftp://a/',
      'http://',
      'http:a',
    ];
    for (const url of [
      ...urls,
      'http:///a',
      'https://?q',
      'http://a:99999/',
      'http://a:0/',
      'javascript:1',
    ]) {
      it(`for ${JSON.stringify(url)}`, async () => {
        await refused({ url }, 'SOURCE_BAD_URL');
      });
    }
  });

  describe('SOURCE_UNREACHABLE', () => {
    it('when nobody listens', async () => {
      const url = await rawServer(() => undefined);
      await closeAll();
      const error = await refused({ url }, 'SOURCE_UNREACHABLE');
      expect(error.details).to.deep.equal({ url: `${url}/`, system: 'ECONNREFUSED' });
    });

    it('when the name does not exist', async () => {
      await refused({ url: 'http://vedette.invalid/' }, 'SOURCE_UNREACHABLE');
    });

    it('when the connection is reset before the headers', async () => {
      const url = await rawServer((socket) => socket.resetAndDestroy());
      await refused({ url }, 'SOURCE_UNREACHABLE');
    });

    it('when the connection ends before the headers', async () => {
      const url = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-'));
      await refused({ url }, 'SOURCE_UNREACHABLE');
    });

    it('when the answer is not HTTP', async () => {
      const url = await rawServer((socket) => socket.end('220 mail server ready\r\n\r\n'));
      await refused({ url }, 'SOURCE_UNREACHABLE');
    });

    it('when a TLS server is asked in plain text', async () => {
      const server = createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE });
      await refused({ url: await listen(server) }, 'SOURCE_UNREACHABLE');
    });

    it('when a plain server is asked for TLS', async () => {
      const url = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      await refused({ url: url.replace('http:', 'https:') }, 'SOURCE_UNREACHABLE');
    });
  });

  describe('SOURCE_READ_FAILED', () => {
    const answers: Record<string, string> = {
      'a body shorter than its length': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort',
      'malformed chunking':
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nnonsense\r\n0\r\n\r\n',
      'chunking that breaks off':
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo',
      'a body that is not gzip':
        'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nplain',
      'an encoding nobody offered':
        'HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 5\r\n\r\nplain',
    };
    for (const [what, answer] of Object.entries(answers)) {
      it(`for ${what}`, async () => {
        const url = await rawServer((socket) => socket.end(answer));
        await refused({ url }, 'SOURCE_READ_FAILED');
      });
    }

    it('when the connection is reset in the body', async () => {
      const url = await rawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort', () => {
          setImmediate(() => socket.resetAndDestroy());
        });
      });
      await refused({ url }, 'SOURCE_READ_FAILED');
    });

    it('for a gzip stream that breaks off', async () => {
      const half = gzipSync('x'.repeat(10_000)).subarray(0, 20);
      const url = await httpServer((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(half);
      });
      await refused({ url }, 'SOURCE_READ_FAILED');
    });
  });

  describe('SOURCE_TIMEOUT', () => {
    it('when the server never answers', async () => {
      const url = await rawServer(() => undefined);
      const error = await refused({ url, timeoutMs: 50 }, 'SOURCE_TIMEOUT');
      expect(error.message).to.equal(`${url} did not answer within 50 ms`.replace(url, `${url}/`));
    });

    it('when the body drips on and on', async () => {
      const timers = new Set<NodeJS.Timeout>();
      const url = await rawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 5);
        timers.add(timer);
        socket.once('close', () => {
          clearInterval(timer);
        });
      });
      await refused({ url, timeoutMs: 100 }, 'SOURCE_TIMEOUT');
    });

    it('when each redirect is quick but all together are not', async () => {
      const url = await httpServer((_request, response) => {
        setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 40);
      });
      await refused({ url, timeoutMs: 100 }, 'SOURCE_TIMEOUT');
    });
  });

  describe('SOURCE_TOO_LARGE', () => {
    it('from the announced length, before the body', async () => {
      const url = await rawServer((socket) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n'),
      );
      await refused({ url, maxBytes: 1000 }, 'SOURCE_TOO_LARGE');
    });

    it('from the bytes of an endless body', async () => {
      const url = await httpServer((_request, response) => {
        const more = (): void => {
          while (response.write('x'.repeat(4096)));
        };
        response.on('drain', more);
        more();
      });
      await refused({ url, maxBytes: 100_000 }, 'SOURCE_TOO_LARGE');
    });

    it('after decoding, for a small body that unfolds', async () => {
      const bomb = gzipSync(Buffer.alloc(5_000_000));
      const url = await httpServer((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
      });
      await refused({ url, maxBytes: 1_000_000 }, 'SOURCE_TOO_LARGE');
      expect((await httpRequest({ url, maxBytes: 5_000_000 })).body.length).to.equal(5_000_000);
    });

    it('not for a body of exactly the limit', async () => {
      const url = await httpServer((_request, response) => {
        response.end('x'.repeat(1000));
      });
      expect((await httpRequest({ url, maxBytes: 1000 })).body.length).to.equal(1000);
      await refused({ url, maxBytes: 999 }, 'SOURCE_TOO_LARGE');
    });
  });
});
