/** The whole at a glance: the manager, its broker, and how many monitors are how. */
import type { Clock } from '@vedette/contract';
import type { MonitorsManager } from '@vedette/manager';
import { stateWord } from '@vedette/supervisor';
import { z } from 'zod';
import { unreadiness } from '../readiness.js';
import { endpoint, type Endpoint } from './endpoint.js';
import { name } from './registry.js';
import { at, linkWord, managerState } from './words.js';

const count = z.int().min(0);
const counts = z.record(z.string(), count);

const status = name(
  'Status',
  z.strictObject({
    version: z.string(),
    now: at,
    startedAt: at,
    state: managerState,
    isReady: z.boolean(),
    missing: z.array(z.string()).describe('why it is not ready'),
    brokerLink: linkWord,
    monitors: z.strictObject({ total: count, byState: counts, byHealth: counts, byKind: counts }),
    configs: z.strictObject({ accepted: count, parked: count, refusedByCode: counts }),
    memory: z.strictObject({ residentBytes: count, heapBytes: count }),
    eventClients: count,
    actionsNeedToken: z.boolean(),
  }),
);

export interface StatusParts {
  readonly manager: MonitorsManager;
  readonly clock: Clock;
  readonly version: string;
  readonly eventClients: () => number;
  readonly actionsNeedToken: boolean;
}

export function statusEndpoint({
  manager,
  clock,
  version,
  eventClients,
  actionsNeedToken,
}: StatusParts): Endpoint {
  const startedAt = clock.now();
  return endpoint({
    method: 'GET',
    path: '/api/v1/status',
    operationId: 'getStatus',
    summary: 'The manager, its broker, and how many monitors are how',
    need: 'read',
    answer: { what: 'The whole at a glance', schema: status },
    handle: (): z.infer<typeof status> => {
      const { state, intake, broker, counters } = manager;
      const missing = unreadiness({ state, isReading: intake.isReading, link: broker.link });
      const all = manager.snapshot();
      const { rss, heapUsed } = process.memoryUsage();
      return {
        version,
        now: clock.now(),
        startedAt,
        state,
        isReady: missing.length === 0,
        missing: [...missing],
        brokerLink: broker.link,
        monitors: {
          total: all.length,
          byState: countBy(all.map(stateWord)),
          byHealth: countBy(all.map(({ health }) => health)),
          byKind: countBy(all.map(({ kind }) => kind)),
        },
        configs: {
          accepted: counters.accepted,
          parked: counters.parked,
          refusedByCode: { ...counters.refusedByCode },
        },
        memory: { residentBytes: rss, heapBytes: heapUsed },
        eventClients: eventClients(),
        actionsNeedToken,
      };
    },
  });
}

function countBy(words: readonly string[]): Record<string, number> {
  const found = new Map<string, number>();
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  return Object.fromEntries(found);
}
