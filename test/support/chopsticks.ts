/** A real Substrate runtime for tests: chopsticks in a process of its own. Promise: stop() leaves nothing. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { counterparts, ensureCounterparts } from '../../.ci/counterparts.mjs';
import { ROOT } from './root.js';
import { deadPort } from './stub-source.js';

export interface Chopsticks {
  readonly url: string;
  /** One JSON-RPC call, for example `dev_newBlock`. */
  call(method: string, params?: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 45_000;
const CALL_DEADLINE_MS = 20_000;

/** Fetches what is missing, which `npm test` has done before. */
export async function startChopsticks(spec: 'polkadotSpec' | 'rococoSpec'): Promise<Chopsticks> {
  if (!(await ensureCounterparts(() => undefined))) {
    throw new Error('chopsticks is not here: run `node .ci/counterparts.mjs` and see what it says');
  }
  const port = await deadPort();
  const args = [counterparts.chopsticks, counterparts[spec], String(port)];
  const child = spawn(process.execPath, [join(ROOT, '.ci/chopsticks-chain.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    await ready(child);
  } catch (error) {
    await end(child);
    throw error;
  }
  const url = `ws://127.0.0.1:${port}`;
  return { url, call: (method, params = []) => callOnce(url, method, params), stop: () => end(child) };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => {
      reject(new Error(`chopsticks was not ready in ${START_DEADLINE_MS} ms: ${output.slice(-1_000)}`));
    }, START_DEADLINE_MS);
    const hear = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
      if (!/^ready$/m.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`chopsticks ended with ${String(code)}: ${output.slice(-1_000)}`));
    });
  });
}

async function callOnce(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const socket = new WebSocket(url, { handshakeTimeout: CALL_DEADLINE_MS });
  const timer = setTimeout(() => {
    socket.terminate();
  }, CALL_DEADLINE_MS);
  try {
    await once(socket, 'open');
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    const [data] = (await once(socket, 'message')) as [Buffer];
    const reply = JSON.parse(data.toString()) as { result?: unknown; error?: { message: string } };
    if (reply.error !== undefined) throw new Error(`chopsticks refused ${method}: ${reply.error.message}`);
    return reply.result;
  } finally {
    clearTimeout(timer);
    socket.terminate();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
