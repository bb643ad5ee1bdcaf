/** The `hosting` section of a config file: where monitors run, by id, by kind, or all of them. Pure. */
import {
  HOST_CHOICES,
  isJsonObject,
  PACKING_HOSTS,
  type HostChoice,
  type Hosting,
  type JsonValue,
  type MonitorLimits,
  type Refusal,
} from '@vedette/contract';
import { label, refusal, refusalsOf, type Monitorable } from '@vedette/contract/strategy';
import { z } from 'zod';

const positive = z.number().positive();
export const limitsSchema = z
  .object({
    roundTimeoutMs: positive.describe('A round past this is aborted; 500 ms later it counts as hung'),
    startTimeoutMs: positive.describe('From the start of a worker to its first word'),
    stopTimeoutMs: positive.describe('From the wish to stop to the end; past this the worker is terminated'),
    youngMb: positive.describe("V8's young generation; a small one slows code that allocates a lot"),
    oldMb: positive.describe("V8's old generation; 80 % of it lead to a planned restart"),
    externalMb: positive.describe('Memory outside the heap; more leads to a planned restart'),
  })
  .partial();

const words = HOST_CHOICES.join(', ');
const base = z.strictObject({
  host: z.enum(HOST_CHOICES, `must be one of ${words}`).optional(),
  density: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1_000, 'must be at most 1000')
    .optional(),
});
const rule = base.extend({ limits: limitsSchema.optional() });
const section = z.strictObject({
  default: base.optional(),
  kinds: z.record(label, rule).optional(),
  monitors: z.record(label, rule).optional(),
});
const schema = z.object({ hosting: section.optional() });

type Rule = z.infer<typeof rule>;

export interface FileHosting {
  readonly refusals: readonly Refusal[];
  hostingOf(monitorable: Pick<Monitorable, 'kind' | 'id'>): Hosting | null;
  limitsOf(monitorable: Pick<Monitorable, 'kind' | 'id'>): Partial<MonitorLimits>;
  /** For rules that name none of these monitors. */
  unknownIds(monitorables: readonly Pick<Monitorable, 'kind' | 'id'>[]): readonly Refusal[];
}

/** `isKind`: whether a strategy is registered for it. */
export function parseHosting(raw: unknown, isKind: (kind: string) => boolean): FileHosting {
  const input = { hosting: spellOut(raw) };
  const parsed = schema.safeParse(input);
  const rules = parsed.data?.hosting ?? {};
  const ruleOf = (table: Readonly<Record<string, Rule>> | undefined, name: string): Rule =>
    table !== undefined && Object.hasOwn(table, name) ? (table[name] ?? {}) : {};
  const rulesFor = ({
    kind,
    id,
  }: Pick<Monitorable, 'kind' | 'id'>): readonly (readonly [Hosting['by'], Rule])[] => [
    ['monitor', ruleOf(rules.monitors, `${kind}:${id}`)],
    ['monitor', ruleOf(rules.monitors, id)],
    ['kind', ruleOf(rules.kinds, kind)],
    ['default', rules.default ?? {}],
  ];
  const refusals = parsed.success
    ? [...unknownKinds(Object.keys(rules.kinds ?? {}), isKind), ...packingProblems(rules)]
    : refusalsOf(null, parsed.error, input);
  return {
    refusals,
    hostingOf(monitorable) {
      const all = rulesFor(monitorable);
      const [by, { host }] = all.find(([, one]) => one.host !== undefined) ?? [null, {} as Rule];
      const density = all.find(([, one]) => one.density !== undefined)?.[1].density;
      if (host === undefined && density === undefined) return null;
      return { by, ...(host === undefined ? {} : { host }), ...(density === undefined ? {} : { density }) };
    },
    limitsOf: (monitorable) =>
      Object.assign(
        {},
        ...rulesFor(monitorable)
          .map(([, one]) => dropUndefined(one.limits ?? {}))
          .reverse(),
      ) as Partial<MonitorLimits>,
    unknownIds(monitorables) {
      const known = new Set(monitorables.flatMap(({ kind, id }) => [id, `${kind}:${id}`]));
      return Object.keys(rules.monitors ?? {})
        .filter((name) => !known.has(name))
        .map((name) => {
          const field = `hosting.monitors.${name}`;
          return refusal(
            'CONFIG_INVALID_FIELD',
            name,
            field,
            `${field}: no monitorable of this file has this id`,
          );
        });
    },
  };
}

export function dropUndefined(limits: {
  [K in keyof MonitorLimits]?: number | undefined;
}): Partial<MonitorLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** `substrate-node: process` is short for `substrate-node: { host: process }`. */
function spellOut(raw: unknown): JsonValue | undefined {
  if (!isJsonObject(raw)) return raw as JsonValue | undefined;
  const full = (value: JsonValue): JsonValue => (typeof value === 'string' ? { host: value } : value);
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      if (name === 'default') return [name, full(value)];
      if ((name !== 'kinds' && name !== 'monitors') || !isJsonObject(value)) return [name, value];
      return [name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, full(one)]))];
    }),
  );
}

function unknownKinds(kinds: readonly string[], isKind: (kind: string) => boolean): Refusal[] {
  return kinds
    .filter((kind) => !isKind(kind))
    .map((kind) => {
      const field = `hosting.kinds.${kind}`;
      return refusal('CONFIG_UNKNOWN_KIND', null, field, `${field}: there is no such kind`);
    });
}

function packingProblems(rules: z.infer<typeof section>): Refusal[] {
  const all: readonly (readonly [string, Rule])[] = [
    ['default', rules.default ?? {}],
    ...Object.entries(rules.kinds ?? {}).map(([name, one]) => [`kinds.${name}`, one] as const),
    ...Object.entries(rules.monitors ?? {}).map(([name, one]) => [`monitors.${name}`, one] as const),
  ];
  return all
    .filter(([, { host, density = 1 }]) => density > 1 && !canPack(host))
    .map(([path, { host, density }]) => {
      const field = `hosting.${path}.density`;
      const reason = `${field}: ${String(density)} monitors share a thread only on a host that packs: ${PACKING_HOSTS.join(', ')}; got host ${host ?? 'none'}`;
      return refusal('HOST_OPTION_INVALID', null, field, reason);
    });
}

function canPack(host: HostChoice | undefined): boolean {
  return host === undefined || host === 'auto' || PACKING_HOSTS.includes(host);
}
