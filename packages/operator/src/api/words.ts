/** Schemas that several answers share. */
import {
  FAMILY_NAMES,
  HEALTH_WORDS,
  RESTART_CAUSES,
  TRANSITIONS,
  type Family,
  type StateName,
} from '@vedette/contract';
import { STATE_WORDS } from '@vedette/supervisor';
import { z } from 'zod';
import { name } from './registry.js';

export const at = z.number().describe('epoch milliseconds');
export const stateName = z.enum(Object.keys(TRANSITIONS) as [StateName, ...StateName[]]);
export const stateWord = z.enum(STATE_WORDS);
export const healthWord = z.enum(HEALTH_WORDS);
export const cause = z.enum(RESTART_CAUSES);
export const family = z.enum(FAMILY_NAMES as [Family, ...Family[]]);
export const linkWord = z.enum(['connecting', 'connected', 'blocked', 'disconnected', 'closed']);
export const outcome = z.enum(['ok', 'failed', 'timeout']);
export const managerState = z.enum(['idle', 'starting', 'running', 'stopping', 'stopped']);

export const errorShown = name(
  'Error',
  z.strictObject({
    code: z.string().nullable().describe('see ERRORS.md'),
    message: z.string(),
    remedy: z.string().nullable().describe('what to do next'),
  }),
);

export const reported = z.strictObject({
  code: z.number().describe("PANIC's code, such as 5015 for an unreachable node"),
  message: z.string(),
});

export const refusal = name(
  'Refusal',
  z.strictObject({
    code: z.string(),
    configId: z.string().nullable().describe('null: the message as a whole'),
    field: z.string().nullable(),
    reason: z.string(),
    remedy: z.string(),
  }),
);

export const round = z.strictObject({
  outcome,
  at,
  durationMs: z.number(),
  facts: z.record(z.string(), z.number().nullable()).describe('what it observed, by name'),
  reported: reported.nullable().describe('the error it published; null for a result'),
  error: errorShown.nullable(),
  publishes: z.record(z.string(), z.number()).describe('its messages by how their publish ended'),
});
