/** Whether the address of `--listen` is free, or a Vedette is there already. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { isVedetteError } from '@vedette/contract';
import { parseListen, urlOf, type ListenAddress } from '@vedette/operator';
import { failed, ok, skipped, type Finding } from './findings.js';

export async function checkListen(text: string, deadlineMs: number): Promise<Finding> {
  let address: ListenAddress | null;
  try {
    address = parseListen(text);
  } catch (error) {
    if (!isVedetteError(error)) throw error;
    return failed('listen', error.message, error.code);
  }
  if (address === null) return skipped('listen', 'nothing listens with `none`');
  const why = await tryToListen(address, deadlineMs);
  const url = urlOf(address);
  if (why === null) return ok('listen', `${url} is free`);
  if (why !== 'EADDRINUSE') return failed('listen', `${url}: ${why}`, 'LISTEN_FAILED');
  return (await isVedette(url, deadlineMs))
    ? ok('listen', `a Vedette answers at ${url}`)
    : failed('listen', `another program has ${url}`, 'LISTEN_ADDRESS_IN_USE');
}

/** Null: it is free. A name that nobody resolves in time is no address. */
async function tryToListen({ host, port }: ListenAddress, deadlineMs: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening', { signal: AbortSignal.timeout(deadlineMs) });
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  } finally {
    server.close();
  }
}

async function isVedette(url: string, deadlineMs: number): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/-/healthy`, {
      signal: AbortSignal.timeout(deadlineMs),
      redirect: 'error',
    });
    return /^(?:healthy|the manager is stopped)\n$/.test((await answer.text()).slice(0, 100));
  } catch {
    return false;
  }
}
