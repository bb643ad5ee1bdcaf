/** What Vedette would make of PANIC's config messages: what runs, what does not, and why. Pure. */
import {
  FAMILIES,
  FAMILY_NAMES,
  isJsonObject,
  isTopicMatch,
  readsNodesOf,
  type Family,
  type JsonObject,
  type JsonValue,
  type MonitorSpec,
} from '@vedette/contract';
import { chainOf, isSwitchOn, refusal, type MonitorStrategy } from '@vedette/contract/strategy';
import { decodeConfig, type StrategyRegistry } from '@vedette/manager';
import type { ImportedMessage, ImportProblem, ImportSource } from './source.js';

export interface PlannedMonitor {
  readonly spec: MonitorSpec;
  readonly file: string;
  readonly line: number | null;
}

/** Something switched on in PANIC for which Vedette has no kind yet. */
export interface NotBuilt {
  readonly kind: string;
  readonly baseChain: string;
  readonly chain: string;
  readonly configId: string;
  /** As PANIC's operator knows it. */
  readonly name: string;
}

export interface Unwatched {
  readonly family: Family;
  readonly baseChain: string;
  readonly chain: string;
  readonly configId: string;
}

export interface ImportPlan {
  readonly monitors: readonly PlannedMonitor[];
  readonly unwatched: readonly Unwatched[];
  readonly notBuilt: readonly NotBuilt[];
  readonly refusals: readonly ImportProblem[];
}

export function planImport(source: ImportSource, registry: StrategyRegistry): ImportPlan {
  const monitors = new Map<string, PlannedMonitor>();
  const unwatched: Unwatched[] = [];
  const notBuilt: NotBuilt[] = [];
  const refusals: ImportProblem[] = [...source.problems];
  for (const message of lastOfEachKey(source.messages, refusals)) {
    const { routingKey, file } = message;
    const content = Buffer.from(JSON.stringify(message.body));
    // An unreadable entry is refused once, though each of up to four families gets a copy.
    const told = new Set<string>();
    for (const family of familiesOf(routingKey)) {
      const decoded = decodeConfig(family, routingKey, content);
      const refused = decoded.refusals.filter((one) => !told.has(JSON.stringify(one)));
      for (const one of refused) told.add(JSON.stringify(one));
      refusals.push(...refused.map((one) => placed(one, message)));
      if (decoded.message === null) continue;
      const chain = { baseChain: chainOf(routingKey).baseChain, chain: chainOf(routingKey).subChain };
      const strategies = registry.matching(family, routingKey);
      if (strategies.length === 0) {
        const found = withoutStrategy(family, routingKey, decoded.message.body);
        const { body } = decoded.message;
        notBuilt.push(
          ...found.on.map((configId) => ({
            kind: found.kind,
            ...chain,
            configId,
            name: nameOf(body[configId]) ?? configId,
          })),
        );
        unwatched.push(...found.off.map((configId) => ({ family, ...chain, configId })));
        continue;
      }
      const parsed = registry.parse(decoded.message);
      refusals.push(...parsed.refusals.map((one) => placed(one, message)));
      unwatched.push(...parsed.unwatched.map((configId) => ({ family, ...chain, configId })));
      for (const spec of parsed.specs) {
        const line = message.lineOf(spec.origin.configId, null);
        const earlier = monitors.get(spec.id);
        monitors.set(spec.id, { spec, file, line });
        if (earlier === undefined) continue;
        const where = earlier.line === null ? earlier.file : `${earlier.file}:${earlier.line}`;
        const reason = `${spec.id} stands in ${where} too; the later one wins`;
        refusals.push({ ...refusal('CONFIG_DUPLICATE_ID', spec.origin.configId, 'id', reason), file, line });
      }
    }
  }
  return { monitors: [...monitors.values()], unwatched, notBuilt, refusals };
}

/** Each message is a complete list: of two with one key only the later counts, for PANIC as for us. */
function lastOfEachKey(messages: readonly ImportedMessage[], refusals: ImportProblem[]): ImportedMessage[] {
  const byKey = new Map<string, ImportedMessage>();
  for (const message of messages) {
    const { routingKey, file } = message;
    const earlier = byKey.get(routingKey);
    if (earlier !== undefined && Object.keys(earlier.body).length > 0) {
      const reason = `${routingKey} is published twice; the later message replaces the earlier`;
      const line = message.lineOf(null, null);
      refusals.push({ ...refusal('CONFIG_DUPLICATE_ID', null, null, reason), file, line });
    }
    byKey.set(routingKey, message);
  }
  return [...byKey.values()];
}

/** In the vocabulary of a Vedette file; null with the reason where that form cannot say it. */
export function nativeEntry(
  { spec, file, line }: PlannedMonitor,
  strategy: MonitorStrategy,
): { readonly entry: JsonObject } | { readonly problem: ImportProblem } {
  const { origin, kind, name, settings } = spec;
  // What its messages carry: PANIC's transformers know the inner id, not the section's name.
  const id = origin.wireId ?? origin.configId;
  const { baseChain, subChain: chain, parentId } = origin;
  const { refusals } = strategy.declare({
    kind,
    id,
    name,
    chain,
    baseChain,
    parentId,
    periodMs: null,
    limits: {},
    settings,
  });
  const [first] = refusals;
  if (first !== undefined) return { problem: { ...first, file, line } };
  return { entry: { kind, id, name, chain, baseChain, parentId, settings } };
}

function placed(one: Omit<ImportProblem, 'file' | 'line'>, message: ImportedMessage): ImportProblem {
  return { ...one, file: message.file, line: message.lineOf(one.configId, one.field) };
}

function familiesOf(routingKey: string): Family[] {
  const isNodes = /\.nodes_config$/i.test(routingKey);
  const { baseChain } = chainOf(routingKey);
  return FAMILY_NAMES.filter(
    (family) =>
      FAMILIES[family].configKeys.some((pattern) => isTopicMatch(pattern, routingKey)) &&
      (!isNodes || readsNodesOf(family, baseChain)),
  );
}

/** Which kind it will be, and which entries have it switched on. A network and its contracts count once. */
function withoutStrategy(
  family: Family,
  routingKey: string,
  body: JsonObject,
): { readonly kind: string; readonly on: readonly string[]; readonly off: readonly string[] } {
  const base = chainOf(routingKey).baseChain.toLowerCase();
  const words: Readonly<Record<Family, readonly [kind: string, field: string]>> = {
    system: ['system', 'monitor_system'],
    github: ['github', 'monitor_repo'],
    dockerhub: ['dockerhub', 'monitor_repo'],
    node: [`${base}-node`, 'monitor_node'],
    contract: ['chainlink-contracts', 'monitor_contracts'],
    network: [`${base}-network`, 'monitor_network'],
  };
  const [kind, field] = words[family];
  const isEntryOn = (entry: JsonValue | undefined): boolean =>
    isJsonObject(entry) && isSwitchOn(entry[field]);
  const ids = Object.keys(body);
  const on = ids.filter((id) => isEntryOn(body[id]));
  if (family !== 'contract' && family !== 'network') {
    return { kind, on, off: ids.filter((id) => !on.includes(id)) };
  }
  return { kind, on: on.length === 0 ? [] : [chainOf(routingKey).subChain], off: [] };
}

function nameOf(entry: JsonValue | undefined): string | null {
  if (!isJsonObject(entry)) return null;
  const { name, repo_name: repository, repo_namespace: namespace } = entry;
  if (typeof name === 'string' && name !== '') return name;
  if (typeof repository !== 'string' || repository === '') return null;
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${repository}` : repository;
}
