/** Runtimes by chain and version, loaded once a thread. Promise: a few at most are kept, the last used. */
import { isVedetteError, VedetteError, type JsonValue } from '@vedette/contract';
import { callNode, ChainReader } from './chain-reader.js';
import type { Connection, Connections } from './connections.js';
import { bounded, timeoutOf, type Patience } from './patience.js';
import { Runtime } from './runtime.js';
import { chooseSource, type SourceNode } from './source-choice.js';
import { versionOf, type RuntimeVersion } from './runtime-version.js';

/** The present one, one of a past a catch-up goes through, and one of another chain. */
const MOST_KEPT = 3;
/** Well within the time a monitor has to start. */
const PRELOAD_MS = 8_000;

export class Runtimes {
  readonly #kept = new Map<string, Promise<Runtime>>();

  /** `at`: a block at which this version ran, where that is not now. */
  async get(
    connection: Connection,
    version: RuntimeVersion,
    patience: Patience,
    at: string | null = null,
  ): Promise<Runtime> {
    const key = `${connection.genesis} ${version.specName} ${String(version.specVersion)}`;
    const loading = this.#kept.get(key) ?? load(connection, version, patience, at);
    this.#kept.delete(key);
    this.#kept.set(key, loading);
    loading.catch(() => this.#kept.delete(key));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    // Decoding takes its time on a busy machine, and no answer is waited for meanwhile.
    return bounded(loading, { ...patience, callMs: Infinity }, 'Loading metadata');
  }
}

/** A reader for what the node runs now: a chain is upgraded while a connection lives. */
export async function readerOf(
  runtimes: Runtimes,
  connection: Connection,
  patience: Patience,
): Promise<ChainReader> {
  const version = await currentVersion(connection, patience);
  return new ChainReader(connection, await runtimes.get(connection, version, patience), patience);
}

export async function currentVersion(connection: Connection, patience: Patience): Promise<RuntimeVersion> {
  return versionOf(await callNode(connection, patience, 'state_getRuntimeVersion'), connection.socket.url);
}

/**
 * Connects to the first of `nodes` that serves and loads its metadata, if that can be done soon. Called while
 * a monitor opens: starts are few at a time, rounds are not, and loading keeps a processor busy.
 */
export async function preload(
  runtimes: Runtimes,
  connections: Connections,
  nodes: readonly SourceNode[],
  signal: AbortSignal,
): Promise<void> {
  const patience = { byMs: performance.now() + PRELOAD_MS, callMs: PRELOAD_MS / 2, signal };
  try {
    const chosen = await chooseSource(connections, nodes, patience, { genesis: null });
    if (chosen !== null) await readerOf(runtimes, chosen.connection, patience);
  } catch (error) {
    // The first round says what is wrong.
    if (!isVedetteError(error)) throw error;
  }
}

async function load(
  { socket }: Connection,
  version: RuntimeVersion,
  patience: Patience,
  at: string | null,
): Promise<Runtime> {
  const call = (method: string, params: readonly unknown[]): Promise<unknown> =>
    socket.call(method, params, timeoutOf(patience), patience.signal);
  const [metadata, properties, chain] = await Promise.all([
    call('state_getMetadata', at === null ? [] : [at]),
    call('system_properties', []),
    call('system_chain', []),
  ]);
  if (typeof metadata !== 'string' || typeof chain !== 'string') {
    throw new VedetteError('SOURCE_BAD_BODY', `${socket.url} gives no metadata`);
  }
  try {
    return await Runtime.load({ chain, version, metadata, properties: properties as JsonValue });
  } catch (cause) {
    throw new VedetteError('SOURCE_BAD_BODY', `The metadata of ${socket.url} cannot be decoded`, { cause });
  }
}
