/**
 * Connections to nodes, kept from round to round and shared by the monitors of a thread. Promises: one
 * connection per node; one that died is opened again at its next use; none outlives the last who holds it.
 */
import { isVedetteError, VedetteError } from '@vedette/contract';
import { bounded, timeoutOf, type Patience } from './patience.js';
import { RpcSocket, type NodeAddress } from './rpc-socket.js';
import { versionOf, type RuntimeVersion } from './runtime-version.js';

export interface Connection {
  readonly socket: RpcSocket;
  /** Hash of block 0: which chain it is. */
  readonly genesis: string;
  /** As it was when the connection was opened. */
  readonly version: RuntimeVersion;
}

interface Entry {
  opening: Promise<Connection> | null;
  connection: Connection | null;
  failures: number;
  retryAtMs: number;
  lastError: unknown;
  /** Aborts when nobody holds the node any more. */
  readonly unheld: AbortController;
}

/** A node that cannot be reached is left alone for so long, twice as long each time. */
const FIRST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_MS = 30_000;

export class Connections {
  readonly #entries = new Map<string, Entry>();
  readonly #holders = new Map<string, ReadonlySet<string>>();

  /** Says whose nodes these are; what nobody holds any more is closed. */
  hold(owner: string, addresses: readonly NodeAddress[]): void {
    this.#holders.set(owner, new Set(addresses.map(keyOf)));
    this.#closeUnheld();
  }

  release(owner: string): void {
    this.#holders.delete(owner);
    this.#closeUnheld();
  }

  /**
   * Gives `work` a live connection. If one kept from before turns out to be dead, `work` runs once more on a
   * fresh one. `isInsistent`: try even if the node could not be reached a moment ago.
   */
  async use<T>(
    address: NodeAddress,
    patience: Patience,
    work: (connection: Connection) => Promise<T>,
    isInsistent = false,
  ): Promise<T> {
    const kept = this.#liveOf(address);
    const connection = await this.#connect(address, patience, isInsistent);
    try {
      return await work(connection);
    } catch (error) {
      if (kept !== connection || !isVedetteError(error, 'SOURCE_UNREACHABLE')) throw error;
      return work(await this.#connect(address, patience, true));
    }
  }

  #liveOf(address: NodeAddress): Connection | null {
    const connection = this.#entries.get(keyOf(address))?.connection ?? null;
    return connection?.socket.isOpen === true ? connection : null;
  }

  async #connect(address: NodeAddress, patience: Patience, isInsistent: boolean): Promise<Connection> {
    const live = this.#liveOf(address);
    if (live !== null) return live;
    const key = keyOf(address);
    const entry = this.#entries.get(key) ?? {
      opening: null,
      connection: null,
      failures: 0,
      retryAtMs: 0,
      lastError: null,
      unheld: new AbortController(),
    };
    this.#entries.set(key, entry);
    if (entry.opening === null) {
      if (!isInsistent && performance.now() < entry.retryAtMs) throw entry.lastError;
      entry.opening = this.#open(entry, address, patience);
      // Everyone who waits sees the failure; if nobody does any more, it is nobody's.
      entry.opening.catch(() => undefined);
    }
    return bounded(entry.opening, patience, 'Connecting', 'SOURCE_UNREACHABLE');
  }

  async #open(entry: Entry, address: NodeAddress, patience: Patience): Promise<Connection> {
    try {
      entry.connection = await openConnection(address, timeoutOf(patience), entry.unheld.signal);
      entry.failures = 0;
      return entry.connection;
    } catch (error) {
      entry.failures += 1;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (entry.failures - 1));
      entry.retryAtMs = performance.now() + pauseMs;
      entry.lastError = error;
      throw error;
    } finally {
      entry.opening = null;
    }
  }

  #closeUnheld(): void {
    const held = new Set([...this.#holders.values()].flatMap((keys) => [...keys]));
    for (const [key, entry] of this.#entries) {
      if (held.has(key)) continue;
      this.#entries.delete(key);
      entry.unheld.abort();
      entry.connection?.socket.close();
    }
  }
}

/**
 * What opens but does not speak as a Substrate node does is as good as not there, which is how PANIC sees
 * it: all but SOURCE_BAD_URL becomes SOURCE_UNREACHABLE. The signal is not a round's: another may wait too.
 */
async function openConnection(
  address: NodeAddress,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Connection> {
  const endMs = performance.now() + timeoutMs;
  const socket = await RpcSocket.open(address, timeoutMs, signal);
  const onAbort = (): void => {
    socket.close();
  };
  signal.addEventListener('abort', onAbort);
  try {
    const leftMs = Math.max(1, endMs - performance.now());
    const [genesis, version] = await Promise.all([
      socket.call('chain_getBlockHash', [0], leftMs, signal),
      socket.call('state_getRuntimeVersion', [], leftMs, signal),
    ]);
    if (typeof genesis !== 'string') {
      throw new VedetteError('SOURCE_BAD_BODY', `${socket.url} has no block 0`);
    }
    return { socket, genesis, version: versionOf(version, socket.url) };
  } catch (cause) {
    socket.close();
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new VedetteError('SOURCE_UNREACHABLE', `no connection could be set up: ${text}`, { cause });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function keyOf({ url, isTlsVerified }: NodeAddress): string {
  return `${isTlsVerified ? 'verified' : 'any'} ${url}`;
}
