/** Tendermint or CometBFT RPC in its URI form: checked replies (panic-monitors-contract 4.2) and what they hold. */
import { isJsonObject, maskUrl, type JsonObject, type JsonValue } from '@vedette/contract';
import { urlOf, type Client, type GetOptions } from './client.js';
import { fieldAt, ReplyFault, requireField, requireObject, wholeNumber, type Reply } from './reply.js';

export async function rpcCall(
  client: Client,
  base: string,
  path: string,
  query: Readonly<Record<string, string | number>> = {},
  options: GetOptions = {},
): Promise<JsonObject> {
  return checkRpc(await client.get(urlOf(base, path, query), options));
}

/** The `result`; throws a {@link ReplyFault}. */
export function checkRpc(reply: Reply): JsonObject {
  const body = requireObject(reply);
  const { error, result } = body;
  if (isJsonObject(error) && Object.hasOwn(error, 'message') && Object.hasOwn(error, 'data')) {
    throw new ReplyFault(
      'call',
      `${maskUrl(reply.url)}: ${textOf(error['message'])}, ${textOf(error['data'])}`,
    );
  }
  if (isJsonObject(result)) return result;
  throw new ReplyFault('incompatible', `${maskUrl(reply.url)} answered without a result`);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null).slice(0, 300);
}

/** What `/status` says. Only `catching_up` is sure to be there. */
export interface NodeStatus {
  readonly isSyncing: boolean;
  /** Consensus address, upper-case hex; empty where the node has none, null where it does not say. */
  readonly address: string | null;
  /** Null on nodes without mev-tendermint. */
  readonly isPeered: boolean | null;
  readonly chainId: string | null;
  readonly height: number | null;
}

export async function askStatus(client: Client, base: string, timeoutMs?: number): Promise<NodeStatus> {
  return readStatus(await rpcCall(client, base, '/status', {}, timeoutMs === undefined ? {} : { timeoutMs }));
}

export function readStatus(result: JsonObject): NodeStatus {
  const isSyncing = requireField(result, 'sync_info', 'catching_up');
  if (typeof isSyncing !== 'boolean') {
    throw new ReplyFault('incompatible', 'sync_info.catching_up is neither true nor false');
  }
  const address = fieldAt(result, 'validator_info', 'address');
  const isPeered = fieldAt(result, 'mev_info', 'is_peered_with_relayer');
  const chainId = fieldAt(result, 'node_info', 'network');
  return {
    isSyncing,
    address: address === undefined ? null : typeof address === 'string' ? address.toUpperCase() : '',
    isPeered: typeof isPeered === 'boolean' ? isPeered : null,
    chainId: typeof chainId === 'string' && chainId !== '' ? chainId : null,
    height: wholeNumber(fieldAt(result, 'sync_info', 'latest_block_height')),
  };
}
