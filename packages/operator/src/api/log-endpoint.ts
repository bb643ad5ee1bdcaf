/** `GET /api/v1/logs`: the newest log records, and by a cursor those that came since. */
import { LOG_LEVELS, VedetteError } from '@vedette/contract';
import { z } from 'zod';
import { resumeAt } from '../events/resume.js';
import type { RecentLogs } from '../recent-logs.js';
import { endpoint, type Endpoint } from './endpoint.js';
import { name } from './registry.js';
import { at } from './words.js';

const MOST = 1_000;

const query = z.strictObject({
  level: z.enum(LOG_LEVELS).default('debug').describe('this urgent, or more'),
  monitor: z.string().max(2_000).optional().describe('only those about the monitor of this id'),
  limit: z.coerce.number().int().min(1).max(MOST).default(100),
  cursor: z.string().max(100).optional().describe('`next` of the answer before: only what came since'),
});

const record = name(
  'LogRecord',
  z.strictObject({
    serial: z.int().min(1).describe('counts from 1 in this process'),
    at,
    level: z.enum(LOG_LEVELS),
    sentence: z.string().describe('constant; what varies is in `fields`'),
    monitor: z.string().nullable().describe('id of the monitor it is about'),
    fields: z.record(z.string(), z.unknown()).describe('credentials are masked'),
  }),
);
const page = name(
  'Logs',
  z.strictObject({
    items: z.array(record).describe('oldest first'),
    next: z.string().describe('cursor of what comes after these'),
    isGap: z
      .boolean()
      .describe('something since the cursor is not known: forgotten, or of an earlier process'),
  }),
);

export function logEndpoint(logs: RecentLogs): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/logs',
    operationId: 'listLogs',
    summary: 'The newest log records, or with a cursor those that came since, oldest first',
    need: 'read',
    query,
    answer: { what: 'Log records, as far as they are kept', schema: page },
    handle: ({ query: { level, monitor, limit, cursor } }): z.infer<typeof page> => {
      const asked = { level, monitor: monitor ?? null, limit };
      const { life, first, last } = logs;
      // Taken before the records: what comes meanwhile belongs to the next answer.
      if (cursor === undefined) {
        return { items: shown(logs.newest(asked)), next: `${life}-${last}`, isGap: false };
      }
      const { from, reset } = resumeAt(cursor, { life, first, last });
      if (reset === 'unknown') {
        const detail = 'query.cursor: not a cursor of these logs; leave it out to begin anew';
        throw new VedetteError('API_BAD_REQUEST', detail);
      }
      const items = logs.from(reset === null ? from : first, asked);
      // A full page may leave more behind it; one that is not has seen all there is.
      const seen = items.length === limit ? (items.at(-1)?.serial ?? last) : last;
      return { items: shown(items), next: `${life}-${seen}`, isGap: reset !== null };
    },
  });
}

function shown(items: ReturnType<RecentLogs['newest']>): z.infer<typeof record>[] {
  return items.map((one) => ({ ...one, fields: { ...one.fields } }));
}
