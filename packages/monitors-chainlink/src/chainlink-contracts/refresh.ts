/**
 * The two sources that last a day: the list of feeds, and the addresses of nodes. Promise: a refresh that fails
 * leaves the last good one in use, and never fails the round.
 */
import { serialiseError } from '@vedette/contract';
import { findAddress, type AddressTimeouts } from './addresses.js';
import { fetchFeeds } from './contract-list.js';
import { isDue } from './due.js';
import type { ContractsMemory } from './memory.js';
import type { Context } from './monitor.js';
import type { ChainlinkContractsSettings } from './settings.js';

export interface SourceTimeouts extends AddressTimeouts {
  readonly listMs: number;
}

type Addresses = ContractsMemory['addresses'];

/** Both at once. Feeds that are new have their descriptions read again. */
export async function refreshSources(
  context: Context,
  memory: ContractsMemory,
  timeouts: SourceTimeouts,
): Promise<ContractsMemory> {
  const nowMs = context.now();
  const [list, addresses] = await Promise.all([
    refreshList(context, memory, nowMs, timeouts.listMs),
    refreshAddresses(context, memory, nowMs, timeouts),
  ]);
  const isNew = list.at !== memory.list.at;
  return { ...memory, list, addresses, descriptions: isNew ? {} : memory.descriptions };
}

/** Node id to address, in the order of the settings. */
export function addressesIn(
  { addresses }: ContractsMemory,
  nodes: ChainlinkContractsSettings['nodes'],
): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(({ id }) => {
      const address = addresses[id]?.address ?? null;
      return address === null ? [] : [[id, address] as const];
    }),
  );
}

async function refreshList(
  context: Context,
  { list }: ContractsMemory,
  nowMs: number,
  timeoutMs: number,
): Promise<ContractsMemory['list']> {
  const { settings, signal } = context;
  if (!isDue(list, nowMs)) return list;
  try {
    const feeds = await fetchFeeds(settings.weiwatchersUrl, timeoutMs, signal);
    // A list that lost everything is no news of the feeds, but of the list.
    if (feeds.length > 0 || list.feeds.length === 0) return { at: nowMs, triedAt: nowMs, feeds };
    context.log('warn', 'The list of contracts is empty; the last good one stays', {});
  } catch (error) {
    signal.throwIfAborted();
    const level = list.at === null ? 'debug' : 'warn';
    context.log(level, 'The list of contracts could not be had', { error: serialiseError(error) });
  }
  return { ...list, triedAt: nowMs };
}

async function refreshAddresses(
  context: Context,
  { addresses }: ContractsMemory,
  nowMs: number,
  timeouts: AddressTimeouts,
): Promise<Addresses> {
  const { settings, signal } = context;
  const all = settings.nodes.map(async (node) => {
    const known = addresses[node.id] ?? { at: null, triedAt: null, address: null };
    if (!isDue(known, nowMs)) return [node.id, known] as const;
    try {
      const address = await findAddress(node, timeouts, signal);
      return [node.id, { at: nowMs, triedAt: nowMs, address }] as const;
    } catch (error) {
      signal.throwIfAborted();
      context.log('debug', 'A node does not tell its address', {
        node: node.name,
        error: serialiseError(error),
      });
      return [node.id, { ...known, triedAt: nowMs }] as const;
    }
  });
  return Object.fromEntries(await Promise.all(all));
}
