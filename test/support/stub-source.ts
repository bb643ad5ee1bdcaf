/**
 * A source on a loopback port that answers as told, also in ways no HTTP library would. Promise: close()
 * ends every socket it opened.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What one request gets. `body` holds what came after the headers so far. */
export type Behaviour = (socket: Socket, request: StubRequest) => void;

export interface StubRequest {
  readonly path: string;
  /** Request line and headers as received. */
  readonly head: string;
  readonly body: string;
}

export interface StubSource {
  readonly url: string;
  readonly port: number;
  /** Requests so far. */
  readonly requests: readonly StubRequest[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export async function startStub(behaviour: Behaviour): Promise<StubSource> {
  let current = behaviour;
  const sockets = new Set<Socket>();
  const requests: StubRequest[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      // A TLS greeting on a plain port gets what web servers give it.
      if (received.startsWith('\x16\x03'))
        socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      for (let request = takeRequest(); request !== null; request = takeRequest()) {
        requests.push(request);
        current(socket, request);
      }
    });
    const takeRequest = (): StubRequest | null => {
      const end = received.indexOf('\r\n\r\n');
      if (end === -1) return null;
      const head = received.slice(0, end);
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return null;
      const body = received.slice(end + 4, end + 4 + length);
      received = received.slice(end + 4 + length);
      return { path: head.split(' ')[1] ?? '', head, body };
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    behave(next) {
      current = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const stub = await startStub(() => undefined);
  await stub.close();
  return stub.port;
}

/** A whole, well-formed answer. */
export function answer(
  body: string | Buffer,
  options: { readonly status?: number; readonly type?: string; readonly headers?: readonly string[] } = {},
): Behaviour {
  const { status = 200, type = 'text/plain', headers = [] } = options;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const lines = [
    `HTTP/1.1 ${status} X`,
    `content-type: ${type}`,
    `content-length: ${bytes.length}`,
    ...headers,
  ];
  return (socket) => {
    socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]));
  };
}

/** Ways in which a source can be broken whatever it should say. */
export const BROKEN = {
  reset: (socket) => {
    socket.resetAndDestroy();
  },
  'black hole': () => undefined,
  'slow drip': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    const timer = setInterval(() => socket.write('a'), 20);
    socket.on('close', () => {
      clearInterval(timer);
    });
  },
  truncated: (socket) => {
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nprocess_cpu_seconds_total 1');
  },
  'malformed chunks': (socket) => {
    socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n');
  },
  'not HTTP': (socket) => {
    socket.end('SSH-2.0-OpenSSH_9.2\r\n');
  },
  'HTML page': answer('<!doctype html>\n<html><body><h1>Welcome</h1></body></html>\n', { type: 'text/html' }),
  '404 page': answer('404 page not found\n', { status: 404 }),
  garbage: answer(Buffer.from(Array.from({ length: 4_096 }, (_value, index) => (index * 167) % 256))),
  'empty body': answer(''),
  'JSON body': answer('{"status": "ok"}', { type: 'application/json' }),
  'too large': answer(Buffer.alloc(10 * 1024 * 1024, 'a 1\n')),
  'invalid UTF-8': answer(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a, 0xf0, 0x28, 0x8c, 0x28])),
  'redirect loop': answer('', { status: 302, headers: ['location: /'] }),
  'redirect elsewhere': answer('', { status: 302, headers: ['location: http://127.0.0.2:9/metrics'] }),
  'HTTP 401': answer('Unauthorized', { status: 401 }),
  'HTTP 429': answer('Too Many Requests', { status: 429 }),
  'HTTP 500': answer('Internal Server Error', { status: 500 }),
  'HTTP 503': answer('Service Unavailable', { status: 503 }),
} as const satisfies Record<string, Behaviour>;
