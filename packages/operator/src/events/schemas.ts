/** The events of the stream by name, and what each carries. */
import { z } from 'zod';
import {
  cause,
  errorShown,
  healthWord,
  linkWord,
  managerState,
  refusal,
  round,
  stateName,
} from '../api/words.js';

const about = { id: z.string(), kind: z.string(), attempt: z.int() };
const count = z.int().min(0);

export const EVENTS = {
  'monitor.state-changed': z.strictObject({
    ...about,
    from: stateName,
    to: stateName,
    cause: cause.nullable(),
    error: errorShown.nullable(),
  }),
  'monitor.health-changed': z.strictObject({ ...about, from: healthWord, to: healthWord }),
  'monitor.round-ended': z.strictObject({
    ...about,
    ...round.shape,
    keyFigure: z.string().describe('the one observation worth a table cell'),
  }),
  'monitor.restarted': z.strictObject({ ...about, cause }),
  'monitor.paused': z.strictObject(about),
  'monitor.resumed': z.strictObject(about),
  'monitor.hung': z.strictObject({ ...about, cause: z.enum(['hung', 'round-timeout']), forMs: z.number() }),
  'monitor.forced': z.strictObject({
    ...about,
    step: z.enum(['terminated', 'abandoned']),
    error: errorShown,
  }),
  'monitor.link-changed': z.strictObject({ ...about, link: linkWord, replaced: count }),
  'monitor.removed': z.strictObject({ id: z.string(), kind: z.string() }),
  'manager.state-changed': z.strictObject({ from: managerState, to: managerState }),
  'config.applied': z.strictObject({
    scope: z.string(),
    started: count,
    restarted: count,
    stopped: count,
    kept: count,
    refused: count,
  }),
  'config.refused': z.strictObject({ scope: z.string(), refusal }),
  'config.parked': z.strictObject({ scope: z.string(), refused: count }),
  'broker.link-changed': z.strictObject({ link: linkWord, replaced: count, error: errorShown.nullable() }),
} as const;

export type EventName = keyof typeof EVENTS;
export type EventData = { [N in EventName]: z.input<(typeof EVENTS)[N]> };
export const EVENT_NAMES = Object.keys(EVENTS) as [EventName, ...EventName[]];
