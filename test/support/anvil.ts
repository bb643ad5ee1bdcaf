/** A real Ethereum node for tests: anvil's binary from npm, started directly. Promise: stop() leaves nothing. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { deadPort } from './stub-source.js';
import { eventually } from './eventually.js';

export interface Anvil {
  readonly url: string;
  readonly pid: number;
  /** One JSON-RPC call, for example `anvil_mine`. */
  call(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Ends it at once; also after it died by itself. */
  stop(): Promise<void>;
}

/** `args` beside port and silence, for example `--block-time 1` or `--fork-url URL --no-mining`. */
export async function startAnvil(args: readonly string[] = []): Promise<Anvil> {
  const port = await deadPort();
  const child = spawn(anvilBinary(), ['--port', String(port), '--silent', ...args], { stdio: 'ignore' });
  let failure: Error | null = null;
  child.on('error', (error) => {
    failure = error;
  });
  const url = `http://127.0.0.1:${port}`;
  const call = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      // A kept connection would outlive the test.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(5_000),
    });
    const reply = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (reply.error !== undefined) throw new Error(`anvil refused ${method}: ${reply.error.message}`);
    return reply.result;
  };
  try {
    await eventually(
      () => {
        if (failure !== null || child.exitCode !== null) return 'ended';
        return call('eth_blockNumber').then((height) => typeof height === 'string' && 'ready');
      },
      { what: 'anvil answering', deadlineMs: 15_000 },
    );
    if (failure !== null || child.exitCode !== null) {
      throw new Error(`anvil did not start: exit code ${String(child.exitCode)}`, { cause: failure });
    }
  } catch (error) {
    await end(child);
    throw error;
  }
  return { url, pid: child.pid ?? 0, call, stop: () => end(child) };
}

/** The platform package is an optional dependency of @foundry-rs/anvil; its launcher would cost a process. */
export function anvilBinary(): string {
  const require = createRequire(import.meta.url);
  const launcher = createRequire(require.resolve('@foundry-rs/anvil/package.json'));
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const platform = `@foundry-rs/anvil-${process.platform}-${cpu}`;
  try {
    return launcher.resolve(`${platform}/bin/anvil${process.platform === 'win32' ? '.exe' : ''}`);
  } catch (cause) {
    throw new Error(`${platform} is not installed: run \`npm run setup\` on a supported platform`, { cause });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
