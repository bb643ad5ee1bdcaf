/** Config by scope; a message from an operator, planned first; the file read again. */
import { CONFIG_LIMITS, FAMILIES, isTopicMatch, VedetteError, type Refusal } from '@vedette/contract';
import type { ConfigPlan, MonitorsManager, ScopeView } from '@vedette/manager';
import { z } from 'zod';
import { shownText } from '../shown.js';
import { endpoint, type Endpoint } from './endpoint.js';
import { name } from './registry.js';
import { at, refusal } from './words.js';

const count = z.int().min(0);
const ids = z.array(z.string());

const scopeSummary = name(
  'ScopeSummary',
  z.strictObject({
    scope: z.string().describe('manager and routing key, or `file`'),
    wanted: count.describe('monitors that shall run'),
    running: count.describe('of these, monitors that run'),
    takenAt: at.nullable().describe('when it was last taken; null: in an earlier life'),
    refusals: z.array(refusal).describe('entries of the message last taken that were refused'),
    notTaken: z
      .strictObject({ at, refusals: z.array(refusal) })
      .nullable()
      .describe('a later message, or edit, that was not taken at all'),
  }),
);
const scopeDetail = name('Scope', scopeSummary.extend({ wantedIds: ids, runningIds: ids }));
const scopes = name('Scopes', z.strictObject({ items: z.array(scopeSummary) }));

const configBody = name(
  'ConfigMessage',
  z.strictObject({
    routingKey: z.string().min(1).max(255).describe('as on the exchange `config`'),
    config: z
      .record(z.string(), z.unknown())
      .describe('the complete message: config id to settings, in the form of PANIC'),
    dryRun: z.boolean().default(true).describe('only say what would change'),
  }),
);
const plans = name(
  'ConfigPlans',
  z.strictObject({
    isApplied: z.boolean(),
    scopes: z.array(
      z.strictObject({
        scope: z.string(),
        isUsable: z.boolean().describe('false: refused as a whole, nothing changes'),
        started: ids,
        restarted: ids,
        stopped: ids,
        kept: count,
        refusals: z.array(refusal),
      }),
    ),
  }),
);
const reloaded = name(
  'Reloaded',
  z.strictObject({ isTaken: z.boolean(), refusals: z.array(refusal).describe('why the file was not taken') }),
);

/** The message, its own frame and the room JSON may waste on it. */
const BODY_LIMIT = CONFIG_LIMITS.maxBytes + 64 * 1_024;

export function configEndpoints(manager: MonitorsManager): Endpoint[] {
  const { supervisor } = manager;
  const isRunning = (id: string): boolean => supervisor.status(id)?.state.state === 'running';
  const summary = (view: ScopeView): z.infer<typeof scopeSummary> => ({
    scope: shownText(view.scope),
    wanted: view.wanted.length,
    running: view.wanted.filter(isRunning).length,
    takenAt: view.takenAt,
    refusals: shownRefusals(view.refusals),
    notTaken:
      view.notTaken === null
        ? null
        : { at: view.notTaken.at, refusals: shownRefusals(view.notTaken.refusals) },
  });

  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/configs',
      operationId: 'listConfigs',
      summary: 'Each scope of config: what is wanted and running of it, what was refused and why',
      need: 'read',
      answer: { what: 'All scopes', schema: scopes },
      handle: () => ({ items: manager.scopes().map(summary) }),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/configs/{scope}',
      operationId: 'getConfig',
      summary: 'One scope with the ids of its monitors',
      need: 'read',
      params: z.strictObject({ scope: z.string().max(2_000) }),
      answer: { what: 'The scope', schema: scopeDetail },
      problems: ['API_NOT_FOUND'],
      handle: ({ params: { scope } }) => {
        const view = manager.scopes().find((one) => one.scope === scope);
        if (view === undefined) throw new VedetteError('API_NOT_FOUND', 'no such scope is known');
        return { ...summary(view), wantedIds: [...view.wanted], runningIds: view.wanted.filter(isRunning) };
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/configs',
      operationId: 'applyConfig',
      summary: 'What a config message would change; with `dryRun` false it is stored and done',
      need: 'act',
      body: configBody,
      bodyLimit: BODY_LIMIT,
      answer: { what: 'The changes, for each manager of PANIC that reads the key', schema: plans },
      problems: [
        'CONFIG_UNKNOWN_ROUTING_KEY',
        'MANAGER_OWNS_FILE',
        'MANAGER_NOT_RUNNING',
        'STORE_WRITE_FAILED',
      ],
      handle: async ({ body: { routingKey, config, dryRun } }) => {
        if (!isKnownKey(routingKey)) {
          throw new VedetteError('CONFIG_UNKNOWN_ROUTING_KEY', 'no queue is bound to the routing key');
        }
        const content = new TextEncoder().encode(JSON.stringify(config));
        const found = dryRun
          ? manager.config.plan(routingKey, content)
          : await manager.config.apply(routingKey, content);
        return { isApplied: !dryRun, scopes: found.map(shownPlan) };
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/reload',
      operationId: 'reload',
      summary: 'Reads the config file again now',
      need: 'act',
      body: z.strictObject({}),
      answer: { what: 'Whether it was taken', schema: reloaded },
      problems: ['MANAGER_OWNS_NO_FILE', 'MANAGER_NOT_RUNNING'],
      handle: async () => {
        const refusals = await manager.config.reload();
        return { isTaken: refusals.length === 0, refusals: shownRefusals(refusals) };
      },
    }),
  ];
}

function isKnownKey(routingKey: string): boolean {
  return Object.values(FAMILIES).some(({ configKeys }) =>
    configKeys.some((pattern) => isTopicMatch(pattern, routingKey)),
  );
}

function shownPlan({
  scope,
  isUsable,
  changes,
  refusals,
}: ConfigPlan): z.infer<typeof plans>['scopes'][number] {
  return {
    scope: shownText(scope),
    isUsable,
    started: [...changes.started],
    restarted: [...changes.restarted],
    stopped: [...changes.stopped],
    kept: changes.kept.length,
    refusals: shownRefusals(refusals),
  };
}

/** Without what a source may have added for its own surface, such as lines of a file. */
function shownRefusals(refusals: readonly Refusal[]): z.infer<typeof refusal>[] {
  return refusals.map(({ code, configId, field, reason, remedy }) => {
    return { code, configId, field, reason: shownText(reason), remedy };
  });
}
