/** Monitors: listed, looked at, restarted, paused, resumed, asked for a round. */
import { VedetteError } from '@vedette/contract';
import type { MonitorsManager } from '@vedette/manager';
import { STATE_WORDS } from '@vedette/supervisor';
import { HEALTH_WORDS } from '@vedette/contract';
import { z } from 'zod';
import type { History } from '../history.js';
import { keyFigures } from '../key-figure.js';
import { endpoint, type Endpoint } from './endpoint.js';
import { isMatch, ORDERS, pageOf } from './monitor-list.js';
import { monitorDetail, monitorPage } from './monitor-schemas.js';
import { detailOf, summaryOf } from './monitor-views.js';
import { name } from './registry.js';

const MAX_PAGE = 1_000;
const text = (max: number): z.ZodString => z.string().max(max);

const listQuery = z.strictObject({
  state: z.enum(STATE_WORDS).optional(),
  health: z.enum(HEALTH_WORDS).optional(),
  kind: text(100).optional(),
  chain: text(300).optional(),
  q: text(200).optional().describe('part of id, name, kind or chain'),
  sort: z.enum(ORDERS).default('worst').describe('with `-` the other way round'),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
  facts: text(1_000).optional().describe('names of facts to show of each, with commas between them'),
  cursor: text(4_000).optional().describe('`next` of the page before, of the same `sort`'),
});
const idParams = z.strictObject({ id: text(2_000) });
const done = name('Done', z.strictObject({ id: z.string(), action: z.string() }));

export function monitorEndpoints(manager: MonitorsManager, history: History): Endpoint[] {
  const { supervisor, registry } = manager;
  const keyFigure = keyFigures(registry);

  /** Throws MONITOR_UNKNOWN_ID; `isPaused` false: or MONITOR_PAUSED. */
  const known = (id: string) => {
    const status = supervisor.status(id);
    if (status === undefined) throw new VedetteError('MONITOR_UNKNOWN_ID', 'no monitor has this id now');
    return status;
  };

  const action = (
    word: string,
    summary: string,
    act: (id: string) => void,
    ...problems: Endpoint['problems'] & object
  ): Endpoint =>
    endpoint({
      method: 'POST',
      path: `/api/v1/monitors/{id}/${word}`,
      operationId: `${word}Monitor`,
      summary,
      need: 'act',
      params: idParams,
      body: z.strictObject({}),
      status: 202,
      answer: { what: 'It is asked for; the events tell what becomes of it', schema: done },
      problems: ['MONITOR_UNKNOWN_ID', ...problems],
      handle: ({ params: { id } }) => {
        known(id);
        act(id);
        return { id, action: word };
      },
    });

  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/monitors',
      operationId: 'listMonitors',
      summary: 'Monitors, filtered, in order, page by page',
      need: 'read',
      query: listQuery,
      answer: { what: 'One page', schema: monitorPage },
      handle: ({ query: { sort, limit, cursor, facts, ...filter } }) => {
        const wanted = facts?.split(',') ?? [];
        const all = manager.snapshot().map((status) => summaryOf(status, keyFigure, wanted));
        return pageOf(
          all.filter((one) => isMatch(one, filter)),
          { order: sort, limit, cursor },
        );
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/monitors/{id}',
      operationId: 'getMonitor',
      summary: 'All that is known of one monitor',
      need: 'read',
      params: idParams,
      answer: { what: 'The monitor', schema: monitorDetail },
      problems: ['MONITOR_UNKNOWN_ID'],
      handle: ({ params: { id } }) => {
        const status = known(id);
        const spec = supervisor.spec(id);
        if (spec === undefined) throw new VedetteError('MONITOR_UNKNOWN_ID', 'no monitor has this id now');
        return detailOf(status, spec, history.of(id), keyFigure);
      },
    }),
    action(
      'restart',
      'A new run as soon as possible, also of one that has failed',
      (id) => {
        if (!supervisor.restart(id)) throw refusedBecause(known(id).isPaused);
      },
      'MONITOR_PAUSED',
      'MONITOR_NOT_RUNNING',
    ),
    action(
      'round',
      'A round now instead of when it is due',
      (id) => {
        if (!supervisor.runRound(id)) throw refusedBecause(known(id).isPaused);
      },
      'MONITOR_PAUSED',
      'MONITOR_NOT_RUNNING',
    ),
    action('pause', 'Stops it until it is resumed, or this process ends; again: nothing', (id) => {
      supervisor.pause(id);
    }),
    action('resume', 'Ends a pause; of one that is not paused: nothing', (id) => {
      supervisor.resume(id);
    }),
  ];
}

function refusedBecause(isPaused: boolean): VedetteError {
  return isPaused
    ? new VedetteError('MONITOR_PAUSED', 'the monitor is paused')
    : new VedetteError('MONITOR_NOT_RUNNING', 'the monitor is not running now');
}
