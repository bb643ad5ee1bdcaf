/**
 * A TCP proxy on loopback that can be made to misbehave. Promise: it changes nothing it was not told to
 * change, keeps the order of bytes, and `close` leaves nothing behind.
 *
 * It closes without a TCP reset: Node leaks the handle of a socket that is reset while it shuts down.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Connections open now. */
  readonly open: number;
  /** Chunks the target has sent so far. */
  readonly chunks: number;
  /** Destroys every connection; new ones are welcome. */
  cut(): void;
  /** As `cut`, and destroys new connections at once until `heal`. */
  refuse(): void;
  /** Destroys each connection that opens from now on after that many chunks from the target; until `heal`. */
  cutAfter(chunks: number): void;
  /** Holds back every chunk, in both directions, for that long. */
  delay(ms: number): void;
  /** Lets that many bytes a second through, per connection and direction. */
  throttle(bytesPerSecond: number): void;
  /** Keeps and accepts connections but forwards nothing: what was sent meanwhile arrives after `heal`. */
  halfOpen(): void;
  /** Back to plain forwarding. */
  heal(): void;
  close(): Promise<void>;
}

interface Mode {
  isRefusing: boolean;
  isHalfOpen: boolean;
  cutAfter: number;
  delayMs: number;
  bytesPerSecond: number;
}

const PLAIN: Readonly<Mode> = {
  isRefusing: false,
  isHalfOpen: false,
  cutAfter: Infinity,
  delayMs: 0,
  bytesPerSecond: Infinity,
};

export async function startTcpProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const mode: Mode = { ...PLAIN };
  const pipes = new Set<Pipe>();
  let accepted = 0;
  let chunks = 0;

  const server = createServer({ noDelay: true }, (client) => {
    accepted += 1;
    client.on('error', () => undefined);
    if (mode.isRefusing) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: target.host ?? '127.0.0.1', port: target.port, noDelay: true });
    let chunksLeft = mode.cutAfter;
    upstream.on('data', () => {
      chunks += 1;
      chunksLeft -= 1;
      // After the pipe below had its turn, so that the last chunk still goes through.
      if (chunksLeft <= 0) setImmediate(() => client.destroy());
    });
    const both = [new Pipe(client, upstream, mode), new Pipe(upstream, client, mode)];
    for (const pipe of both) pipes.add(pipe);
    const end = () => {
      client.destroy();
      upstream.destroy();
      for (const pipe of both) {
        pipe.stop();
        pipes.delete(pipe);
      }
    };
    client.once('close', end);
    upstream.once('close', end);
    upstream.once('error', () => client.destroy());
  });
  await listening(server);

  const cut = () => {
    for (const pipe of [...pipes]) pipe.cut();
  };
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    get open() {
      return pipes.size / 2;
    },
    get chunks() {
      return chunks;
    },
    cut,
    refuse() {
      mode.isRefusing = true;
      cut();
    },
    cutAfter(count) {
      mode.cutAfter = count;
    },
    delay(ms) {
      mode.delayMs = ms;
    },
    throttle(bytesPerSecond) {
      mode.bytesPerSecond = bytesPerSecond;
    },
    halfOpen() {
      mode.isHalfOpen = true;
    },
    heal() {
      Object.assign(mode, PLAIN);
      for (const pipe of [...pipes]) pipe.flush();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
  return proxy;
}

/** One direction of one connection: a queue of chunks with the instant from which each may go. */
class Pipe {
  readonly #to: Socket;
  readonly #from: Socket;
  readonly #mode: Mode;
  readonly #queue: { chunk: Buffer; dueAt: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #paceFreeAt = 0;
  #hasEnded = false;

  constructor(from: Socket, to: Socket, mode: Mode) {
    this.#from = from;
    this.#to = to;
    this.#mode = mode;
    from.on('data', (chunk: Buffer) => {
      this.#queue.push({ chunk, dueAt: performance.now() + mode.delayMs });
      this.flush();
    });
    from.on('end', () => {
      this.#hasEnded = true;
      this.flush();
    });
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (!this.#mode.isHalfOpen) {
      const head = this.#queue[0];
      if (head === undefined) {
        if (this.#hasEnded) this.#to.end();
        return;
      }
      // What was held back under a mode that is over goes at once.
      const dueAt = this.#mode.delayMs > 0 ? head.dueAt : 0;
      const freeAt = this.#mode.bytesPerSecond < Infinity ? this.#paceFreeAt : 0;
      const waitMs = Math.max(dueAt, freeAt) - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.flush(), waitMs);
        return;
      }
      this.#queue.shift();
      this.#paceFreeAt = performance.now() + (head.chunk.length / this.#mode.bytesPerSecond) * 1000;
      this.#to.write(head.chunk);
    }
  }

  cut(): void {
    this.stop();
    this.#from.destroy();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
