/**
 * A Substrate node on a loopback port with the true types of a runtime, and faults on demand. It serves the
 * metadata of @polkadot/types-support and a storage that a test fills. Promise: close() ends every socket.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TypeRegistry } from '@polkadot/types/create';
import { Metadata } from '@polkadot/types/metadata';
import { decorateStorage } from '@polkadot/types/metadata/decorate';
import { unwrapStorageType } from '@polkadot/types/util';
import { compactStripLength, u8aToHex } from '@polkadot/util';
import { type WebSocket, WebSocketServer } from 'ws';

/** Metadata version and chain, as @polkadot/types-support names its files. */
export type ChainName =
  | 'v15/polkadot'
  | 'v15/kusama'
  | 'v15/substrate'
  | 'v15/asset-hub-polkadot'
  | 'v15/polkadot without Staking'
  | 'v15/polkadot without Grandpa'
  | 'v14/substrate'
  | 'v12/substrate'
  | 'v9/substrate';

export interface ChainTypes {
  readonly metadata: string;
  readonly registry: TypeRegistry;
  readonly storage: ReturnType<typeof decorateStorage>;
}

/** What a call does instead of being answered well. */
export type Fault =
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly result: unknown }
  | 'drop'
  | 'never'
  | 'garbage'
  | 'binary garbage'
  | 'no result'
  | 'too large';

export interface StubChain {
  readonly url: string;
  readonly port: number;
  readonly types: ChainTypes;
  /** Calls so far, by method. */
  readonly calls: readonly { readonly method: string; readonly params: readonly unknown[] }[];
  readonly connections: number;
  best: number;
  finalized: number;
  /** The sync target; null: unknown. */
  target: number | null;
  isSyncing: boolean;
  specVersion: number;
  /** Version that ran in blocks before `specVersionSince`. */
  oldSpecVersion: number | null;
  specVersionSince: number;
  properties: unknown;
  /** Fills one item; `value` as the type's constructor takes it. */
  set(path: `${string}.${string}`, args: readonly unknown[], value: unknown): void;
  unset(path: `${string}.${string}`, args: readonly unknown[]): void;
  /** Events of a block as `[section, method, data]`. */
  setEvents(height: number, events: readonly (readonly [string, string, readonly unknown[]])[]): void;
  /** Null: answer well again. */
  fault(method: string, fault: Fault | null): void;
  /** Ends all connections; new ones are taken. */
  cut(): void;
  /** Stops reading: connections stay open, and nothing is answered, pings neither. */
  freeze(): void;
  close(): Promise<void>;
}

const loaded = new Map<ChainName, Promise<ChainTypes>>();

/** Decoded once a process. */
export function chainTypes(name: ChainName): Promise<ChainTypes> {
  const types = loaded.get(name) ?? loadTypes(name);
  loaded.set(name, types);
  return types;
}

async function loadTypes(name: ChainName): Promise<ChainTypes> {
  const [file = '', without] = name.split(' without ');
  const module = (await import(`@polkadot/types-support/metadata/${file}-hex`)) as { default: string };
  // Newer ones are an optional blob: the metadata begins with its magic word.
  const whole = `0x${module.default.slice(module.default.indexOf('6d657461'))}`;
  const metadata = without === undefined ? whole : renamed(whole, without);
  const registry = new TypeRegistry();
  const decoded = new Metadata(registry, metadata as `0x${string}`);
  registry.setMetadata(decoded, undefined, undefined, true);
  return { metadata, registry, storage: decorateStorage(registry, decoded.asLatest, decoded.version) };
}

/** Metadata in which a pallet goes by a name nobody knows. */
function renamed(metadata: string, pallet: string): string {
  const length = (pallet.length * 4).toString(16).padStart(2, '0');
  const text = (name: string): string => `${length}${Buffer.from(name).toString('hex')}`;
  return metadata.replaceAll(text(pallet), text(`X${pallet.slice(1)}`));
}

export async function startStubChain(name: ChainName = 'v15/polkadot', tag = 1): Promise<StubChain> {
  const types = await chainTypes(name);
  const { registry, storage } = types;
  const stored = new Map<string, string>();
  const events = new Map<string, string>();
  const faults = new Map<string, Fault>();
  const calls: { method: string; params: readonly unknown[] }[] = [];
  const http: Server = createServer();
  const server = new WebSocketServer({ server: http });
  const hash = (height: number): string =>
    `0x${tag.toString(16).padStart(8, '0')}${height.toString(16).padStart(56, '0')}`;
  const heightOf = (text: string): number => Number.parseInt(text.slice(10), 16);
  const entryOf = (path: string): (typeof storage)[string][string] => {
    const [pallet = '', item = ''] = path.split('.');
    const entry = storage[pallet]?.[item];
    if (entry === undefined) throw new Error(`${name} has no storage ${path}`);
    return entry;
  };
  const keyOf = (path: string, args: readonly unknown[]): string =>
    u8aToHex(compactStripLength(entryOf(path)(...args))[1]);
  const encode = (path: string, value: unknown): string => {
    const type = unwrapStorageType(registry, entryOf(path).meta.type);
    return u8aToHex(registry.createTypeUnsafe(type, [value]).toU8a());
  };
  const eventsKey = keyOf('system.events', []);
  const header = (height: number): object => ({
    number: `0x${height.toString(16)}`,
    parentHash: hash(Math.max(0, height - 1)),
    stateRoot: hash(0),
    extrinsicsRoot: hash(0),
    digest: { logs: [] },
  });
  const valueAt = (key: string, at: unknown): string | null =>
    key === eventsKey && typeof at === 'string' ? (events.get(at) ?? '0x00') : (stored.get(key) ?? null);

  const METHODS: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    chain_getBlockHash: ([height]) => hash(height === undefined ? chain.best : Number(height)),
    chain_getFinalizedHead: () => hash(chain.finalized),
    chain_getHeader: ([at]) => header(typeof at === 'string' ? heightOf(at) : chain.best),
    state_getMetadata: () => types.metadata,
    state_getRuntimeVersion: ([at]) => {
      const isOld =
        chain.oldSpecVersion !== null && typeof at === 'string' && heightOf(at) < chain.specVersionSince;
      return {
        specName: name.split(/[/ ]/)[1],
        implName: 'stub',
        authoringVersion: 1,
        specVersion: isOld ? chain.oldSpecVersion : chain.specVersion,
        implVersion: 1,
        apis: [],
        transactionVersion: 1,
        stateVersion: 1,
      };
    },
    state_getStorage: ([key, at]) => valueAt(String(key), at),
    state_queryStorageAt: ([keys, at]) => [
      {
        block: typeof at === 'string' ? at : hash(chain.best),
        changes: (keys as string[]).map((key) => [key, valueAt(key, at)]),
      },
    ],
    state_getKeysPaged: ([prefix, count, after]) =>
      [...stored.keys()]
        .filter((key) => key.startsWith(String(prefix)) && (typeof after !== 'string' || key > after))
        .sort()
        .slice(0, Number(count)),
    state_subscribeRuntimeVersion: () => 'subscription',
    state_unsubscribeStorage: () => true,
    state_unsubscribeRuntimeVersion: () => true,
    system_chain: () => 'Stub',
    system_health: () => ({ isSyncing: chain.isSyncing, peers: 20, shouldHavePeers: true }),
    system_properties: () => chain.properties,
    system_syncState: () => ({
      startingBlock: 0,
      currentBlock: chain.best,
      ...(chain.target === null ? {} : { highestBlock: chain.target }),
    }),
    rpc_methods: () => ({ methods: [...Object.keys(METHODS), 'state_subscribeStorage'] }),
  };

  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const {
        id,
        method,
        params = [],
      } = JSON.parse(data.toString()) as {
        id: number;
        method: string;
        params?: unknown[];
      };
      calls.push({ method, params });
      const fault = faults.get(method);
      const send = (body: object): void => {
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
      };
      if (fault !== undefined) {
        act(socket, send, fault);
        return;
      }
      if (method === 'state_subscribeStorage') {
        // One answer is all the SDK's one-time queries wait for.
        send({ result: `s${id}` });
        const [result] = METHODS['state_queryStorageAt']?.(params) as object[];
        const body = { jsonrpc: '2.0', method: 'state_storage', params: { subscription: `s${id}`, result } };
        socket.send(JSON.stringify(body));
        return;
      }
      const handler = METHODS[method];
      if (handler === undefined) send({ error: { code: -32601, message: 'Method not found' } });
      else send({ result: handler(params) });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;

  const chain: StubChain = {
    url: `ws://127.0.0.1:${port}`,
    port,
    types,
    calls,
    get connections() {
      return server.clients.size;
    },
    best: 17_000_010,
    finalized: 17_000_007,
    target: 17_000_011,
    isSyncing: false,
    specVersion: 1_000,
    oldSpecVersion: null,
    specVersionSince: 0,
    properties: { ss58Format: 0, tokenDecimals: 10, tokenSymbol: 'DOT' },
    set(path, args, value) {
      stored.set(keyOf(path, args), encode(path, value));
    },
    unset(path, args) {
      stored.delete(keyOf(path, args));
    },
    setEvents(height, list) {
      const records = list.map((event) => ({ phase: { ApplyExtrinsic: 0 }, ...encodeEvent(types, event) }));
      events.set(hash(height), u8aToHex(joinRecords(types, records)));
    },
    fault(method, fault) {
      if (fault === null) faults.delete(method);
      else faults.set(method, fault);
    },
    cut() {
      for (const socket of server.clients) socket.terminate();
    },
    freeze() {
      for (const socket of server.clients) socket.pause();
    },
    async close() {
      chain.cut();
      server.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return chain;
}

function act(socket: WebSocket, send: (body: object) => void, fault: Fault): void {
  switch (fault) {
    case 'never':
      return;
    case 'drop':
      socket.terminate();
      return;
    case 'garbage':
      socket.send('<html>not JSON</html>');
      return;
    case 'binary garbage':
      socket.send(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x00]), { binary: true });
      return;
    case 'no result':
      send({});
      return;
    case 'too large':
      send({ result: `0x${'00'.repeat(5 * 1024 * 1024)}` });
      return;
    default:
      send(fault);
  }
}

interface EncodedEvent {
  readonly event: Uint8Array;
}

/** Index of the pallet, index of the event, then its fields one after the other. */
function encodeEvent(
  { registry }: ChainTypes,
  [section, method, data]: readonly [string, string, readonly unknown[]],
): EncodedEvent {
  const pallet = registry.metadata.pallets.find(
    (one) => one.name.toString().toLowerCase() === section.toLowerCase(),
  );
  if (pallet === undefined || pallet.events.isNone) throw new Error(`no events of ${section}`);
  const variants = registry.lookup.getSiType(pallet.events.unwrap().type).def.asVariant.variants;
  const variant = variants.find((one) => one.name.toString().toLowerCase() === method.toLowerCase());
  if (variant === undefined) throw new Error(`no event ${section}.${method}`);
  const fields = variant.fields.map((field, index) =>
    registry.createTypeUnsafe(registry.createLookupType(field.type), [data[index]]).toU8a(),
  );
  const event = Buffer.concat([Buffer.from([pallet.index.toNumber(), variant.index.toNumber()]), ...fields]);
  return { event };
}

/** A list of records: phase, event, no topics. */
function joinRecords({ registry }: ChainTypes, records: readonly EncodedEvent[]): Uint8Array {
  const count = registry.createType('Compact<u32>', records.length).toU8a();
  const phase = registry.createType('Phase', { ApplyExtrinsic: 0 }).toU8a();
  return Buffer.concat([count, ...records.flatMap(({ event }) => [phase, event, Buffer.from([0])])]);
}
