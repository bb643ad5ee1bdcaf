/** Cosmos REST: checked replies (panic-monitors-contract 4.1), and routes that differ between SDK versions. */
import { isJsonObject, maskUrl, type JsonObject, type JsonValue } from '@vedette/contract';
import { urlOf, type Client, type GetOptions } from './client.js';
import { ReplyFault, requireObject, type Reply } from './reply.js';

/** Which of its names a route has at the source asked last; a hint for where to begin, never a limit. */
export type Route = string;

/** `/syncing` is gone from SDK 0.46 on; its successor came with 0.40. */
export const SYNCING_ROUTES = ['/cosmos/base/tendermint/v1beta1/syncing', '/syncing'] as const;

/** An object without the two ways in which servers say that a call failed. */
export async function restCall(
  client: Client,
  base: string,
  path: string,
  query: Readonly<Record<string, string | number>> = {},
  options: GetOptions = {},
): Promise<JsonObject> {
  return checkRest(await client.get(urlOf(base, path, query), options));
}

/** Throws a {@link ReplyFault}. The HTTP status counts only where the body says nothing. */
export function checkRest(reply: Reply): JsonObject {
  const body = requireObject(reply);
  if (Object.hasOwn(body, 'code') && Object.hasOwn(body, 'message')) {
    const text = textOf(body['message']);
    const isAbsent = isNotOffered(Number(body['code']), text);
    throw new ReplyFault(isAbsent ? 'incompatible' : 'call', `${maskUrl(reply.url)}: ${text}`);
  }
  if (Object.hasOwn(body, 'error')) {
    throw new ReplyFault('call', `${maskUrl(reply.url)}: ${textOf(body['error'])}`);
  }
  return body;
}

/** gRPC gateways say 12 for a route they lack, newer ones 5; a missing record has a longer message. */
function isNotOffered(code: number, message: string): boolean {
  const said = message.trim().toLowerCase();
  return (code === 12 && said === 'not implemented') || (code === 5 && said === 'not found');
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (isJsonObject(value) && typeof value['message'] === 'string') return value['message'];
  return JSON.stringify(value ?? null).slice(0, 300);
}

/**
 * The answer of the first route a source serves, beginning with the one that served last. When none does: what
 * a server said about a failed call before what it does not offer.
 */
export async function firstServed<R extends Route, T>(
  routes: readonly R[],
  last: string | null,
  ask: (route: R) => Promise<T>,
): Promise<{ readonly route: R; readonly answer: T }> {
  const order = [...routes.filter((route) => route === last), ...routes.filter((route) => route !== last)];
  let fault: ReplyFault | null = null;
  for (const route of order) {
    try {
      return { route, answer: await ask(route) };
    } catch (error) {
      if (!(error instanceof ReplyFault)) throw error;
      if (fault === null || (fault.kind === 'incompatible' && error.kind === 'call')) fault = error;
    }
  }
  throw fault ?? new RangeError('no routes were given');
}

/** Whether a node is still catching up; null when its answer does not say. */
export async function askSyncing(
  client: Client,
  base: string,
  last: string | null,
  timeoutMs?: number,
): Promise<{ readonly route: Route; readonly isSyncing: boolean | null }> {
  const options = timeoutMs === undefined ? {} : { timeoutMs };
  const { route, answer } = await firstServed(SYNCING_ROUTES, last, async (path) => {
    const { syncing } = await restCall(client, base, path, {}, options);
    return typeof syncing === 'boolean' ? syncing : null;
  });
  return { route, isSyncing: answer };
}
