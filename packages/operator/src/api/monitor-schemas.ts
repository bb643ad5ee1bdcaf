/** What is told of monitors. */
import { z } from 'zod';
import { name } from './registry.js';
import { at, cause, errorShown, family, healthWord, linkWord, outcome, round, stateWord } from './words.js';

const count = z.int().min(0);

export const monitorSummary = name(
  'MonitorSummary',
  z.strictObject({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    family,
    baseChain: z.string(),
    chain: z.string(),
    parentId: z.string(),
    state: stateWord.describe('`paused` is `stopped` by the wish of an operator'),
    isPaused: z.boolean(),
    health: healthWord,
    since: at.nullable().describe('when it came into its state, where that is known'),
    attempt: count.describe('number of the latest run'),
    restarts: count,
    link: linkWord.describe("its worker's link to the broker"),
    host: z.string().nullable().describe('where its worker runs'),
    nextStartAt: at.nullable(),
    keyFigure: z.string().describe('the one observation worth a table cell'),
    facts: z
      .record(z.string(), z.number().nullable())
      .describe('those of its last round that `facts` asked for'),
    lastRound: z.strictObject({ outcome, at, durationMs: z.number() }).nullable(),
    reportedCode: z.number().nullable().describe('code of the error its last round published'),
    error: errorShown.nullable().describe('why it is down or its last round failed'),
  }),
);

export const monitorDetail = name(
  'Monitor',
  monitorSummary.extend({
    componentName: z.string().describe("PANIC's name of it"),
    periodMs: z.number(),
    limits: z.record(z.string(), z.number()),
    revision: z.string().describe('fingerprint of its settings'),
    settings: z.record(z.string(), z.unknown()).describe('credentials are masked'),
    restartsByCause: z.partialRecord(cause, count),
    lastError: errorShown.nullable().describe('why its last run that was not asked to ended'),
    lastRound: round.nullable(),
    memory: z.strictObject({ heapBytes: count, externalBytes: count }).nullable(),
    rounds: count.nullable().describe('rounds of the present run; null without a worker'),
    replaced: count.describe('messages replaced by newer ones while its link was down'),
    history: z
      .array(
        z.strictObject({
          at,
          what: z.enum(['state', 'health']),
          from: z.string(),
          to: z.string(),
          attempt: count,
          cause: cause.nullable(),
          error: errorShown.nullable(),
        }),
      )
      .describe('changes of state and health, newest last, fifty at most'),
  }),
);

export const monitorPage = name(
  'MonitorPage',
  z.strictObject({
    total: count.describe('monitors that match, on all pages'),
    next: z.string().nullable().describe('cursor of the next page; null: this is the last'),
    items: z.array(monitorSummary),
  }),
);

export type MonitorSummary = z.infer<typeof monitorSummary>;
export type MonitorDetail = z.infer<typeof monitorDetail>;
