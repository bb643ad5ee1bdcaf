/** The kinds there are: settings, facts, messages. */
import { VedetteError } from '@vedette/contract';
import { gaugeName, type MonitorStrategy } from '@vedette/contract/strategy';
import type { MonitorsManager } from '@vedette/manager';
import { z } from 'zod';
import { endpoint, type Endpoint } from './endpoint.js';
import { name } from './registry.js';
import { family } from './words.js';

const kindSchema = name(
  'Kind',
  z.strictObject({
    kind: z.string(),
    title: z.string(),
    family,
    periodMs: z.number(),
    routingKeys: z.array(z.string()),
    limits: z.record(z.string(), z.number()),
    settings: z.record(z.string(), z.unknown()).describe('JSON Schema of its settings'),
    example: z.record(z.string(), z.unknown()),
    facts: z.array(z.strictObject({ name: z.string(), gauge: z.string(), what: z.string() })),
    errors: z.array(z.strictObject({ code: z.number(), when: z.string() })),
  }),
);
const kinds = name('Kinds', z.strictObject({ items: z.array(kindSchema) }));

export function kindEndpoints({ registry }: MonitorsManager): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/kinds',
      operationId: 'listKinds',
      summary: 'The kinds of monitor there are',
      need: 'read',
      answer: { what: 'All kinds', schema: kinds },
      handle: () => ({ items: registry.list().map(viewOf) }),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/kinds/{kind}',
      operationId: 'getKind',
      summary: 'One kind',
      need: 'read',
      params: z.strictObject({ kind: z.string().max(300) }),
      answer: { what: 'The kind', schema: kindSchema },
      problems: ['CONFIG_UNKNOWN_KIND'],
      handle: ({ params: { kind } }) => {
        const strategy = registry.get(kind);
        if (strategy === undefined)
          throw new VedetteError('CONFIG_UNKNOWN_KIND', 'no strategy of this kind is known');
        return viewOf(strategy);
      },
    }),
  ];
}

function viewOf(strategy: MonitorStrategy): z.infer<typeof kindSchema> {
  const { kind, title, routingKeys, limits, period, docs } = strategy;
  return {
    kind,
    title,
    family: strategy.family,
    periodMs: period.defaultMs,
    routingKeys: [...routingKeys],
    limits: { ...limits },
    settings: strategy.settingsSchema,
    example: strategy.example,
    facts: Object.entries(docs?.facts ?? {}).map(([fact, what]) => ({
      name: fact,
      gauge: gaugeName(kind, fact),
      what,
    })),
    errors: (docs?.errors ?? []).map(({ code, when }) => ({ code, when })),
  };
}
