/** The bond status of a validator from the first synced REST server (panic-monitors-contract 11.2, 11.3). */
import { fieldAt, requireField, ReplyFault } from '../shared/reply.js';
import { askSyncing, firstServed, restCall } from '../shared/rest.js';
import { firstThatServes, inOrder, SourceError, type Source } from '../shared/source-walk.js';
import type { Client, Timeouts } from '../shared/client.js';
import type { JsonValue } from '@vedette/contract';
import type { RestMemory } from './memory.js';
import type { CosmosNodeSettings } from './settings.js';

export interface RestReading {
  readonly bondStatus: string;
  readonly isJailed: boolean;
}

export interface RestParts {
  readonly client: Client;
  readonly settings: CosmosNodeSettings;
  readonly url: string;
  readonly memory: RestMemory;
  readonly timeouts: Timeouts;
}

/** SDK 0.40 and later, then what came before. */
const VALIDATOR_ROUTES = ['/cosmos/staking/v1beta1/validators/', '/staking/validators/'] as const;
/** Of the budget, for finding a source. */
const CHOICE_PART = 0.5;

/** Throws {@link SourceError} or NoSyncedSource. The node's own server must answer, whoever is asked after it. */
export async function readRest(parts: RestParts): Promise<{ reading: RestReading; memory: RestMemory }> {
  const { client, settings, url, memory, timeouts } = parts;
  const stop = new AbortController();
  const own = askSyncing(client, url, memory.syncingRoute);
  own.catch((error: unknown) => {
    stop.abort(error);
  });
  const found = fromSources({ ...parts, client: client.until(stop.signal) }, own);
  const [reached, served] = await Promise.allSettled([own, found]);
  if (reached.status === 'rejected') throw new SourceError(url, true, reached.reason);
  if (served.status === 'rejected') throw served.reason;
  const { source, answer } = served.value;
  return {
    reading: answer.reading,
    memory: {
      syncingRoute: reached.value.route,
      validatorRoute: answer.route,
      source: settings.dataSources.length === 0 ? null : source.url,
    },
  };

  async function fromSources(
    { client: bounded }: RestParts,
    ownAnswer: typeof own,
  ): Promise<{ source: Source; answer: { reading: RestReading; route: string | null } }> {
    return firstThatServes<Source, { reading: RestReading; route: string | null }>({
      sources: inOrder(sourcesOf(settings, url), memory.source),
      probeMs: timeouts.probeMs,
      budgetMs: timeouts.budgetMs * CHOICE_PART,
      async probe(source, timeoutMs) {
        const answer =
          source.url === url ? ownAnswer : askSyncing(bounded, source.url, memory.syncingRoute, timeoutMs);
        return (await answer).isSyncing === false ? 'usable' : 'unusable';
      },
      retrieve: (source) => readValidator(bounded, settings, source.url, memory.validatorRoute),
    });
  }
}

function sourcesOf({ dataSources }: CosmosNodeSettings, own: string): Source[] {
  const others = dataSources.flatMap(({ restUrl, isValidator }) =>
    restUrl === null ? [] : [{ url: restUrl, isLastResort: isValidator }],
  );
  return [...others.filter(({ url }) => url !== own), { url: own, isLastResort: true }];
}

async function readValidator(
  client: Client,
  { isValidator, operatorAddress }: CosmosNodeSettings,
  url: string,
  lastRoute: string | null,
): Promise<{ reading: RestReading; route: string | null }> {
  if (!isValidator) return { reading: { bondStatus: 'unbonded', isJailed: false }, route: lastRoute };
  const { route, answer } = await firstServed(VALIDATOR_ROUTES, lastRoute, async (path) => {
    const body = await restCall(client, url, `${path}${encodeURIComponent(operatorAddress)}`);
    const validator =
      path === VALIDATOR_ROUTES[0] ? requireField(body, 'validator') : requireField(body, 'result');
    const isJailed = fieldAt(validator, 'jailed');
    if (typeof isJailed !== 'boolean')
      throw new ReplyFault('incompatible', 'jailed is neither true nor false');
    return { bondStatus: bondStatusOf(requireField(validator, 'status')), isJailed };
  });
  return { reading: answer, route };
}

const BOND_STATUS: ReadonlyMap<JsonValue, string> = new Map<JsonValue, string>([
  [0, 'unbonded'],
  [1, 'unbonding'],
  [2, 'bonded'],
  ['BOND_STATUS_UNBONDED', 'unbonded'],
  ['BOND_STATUS_UNBONDING', 'unbonding'],
  ['BOND_STATUS_BONDED', 'bonded'],
]);

/** Numbers as text are invalid for PANIC too. */
export function bondStatusOf(status: JsonValue): string {
  return BOND_STATUS.get(status) ?? 'invalid';
}
