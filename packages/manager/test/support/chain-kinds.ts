/** Stand-ins for kinds that come later, one per old manager that has none yet: what they claim is the point. */
import type { Family, JsonObject } from '@vedette/contract';
import { DEFAULT_LIMITS, withRevision, type MonitorSpec } from '@vedette/contract';
import { chainOf, type MonitorStrategy } from '@vedette/contract/strategy';
import { probeStrategy } from './probe-strategy.js';

/** One monitor per watched entry, named by `nameOf`. */
function perEntry(
  kind: string,
  family: Family,
  routingKeys: readonly string[],
  nameOf: (raw: JsonObject) => string,
): MonitorStrategy {
  return {
    ...probeStrategy,
    kind,
    family,
    routingKeys,
    parse: ({ routingKey, body }) => ({
      refusals: [],
      unwatched: [],
      specs: Object.entries(body).map(([configId, raw]) =>
        specOf(kind, family, routingKey, configId, nameOf(raw as JsonObject), raw as JsonObject),
      ),
    }),
  };
}

/** One monitor for the whole message; nodes as its sources where `claimsNodes`. */
function perChain(
  kind: string,
  family: Family,
  routingKeys: readonly string[],
  claimsNodes: boolean,
): MonitorStrategy {
  return {
    ...probeStrategy,
    kind,
    family,
    routingKeys,
    parse: ({ routingKey, body }) => {
      const nodes = Object.values(body) as JsonObject[];
      const [first] = nodes;
      if (first === undefined) return { specs: [], refusals: [], unwatched: [] };
      const { baseChain, subChain } = chainOf(routingKey);
      const spec = specOf(kind, family, routingKey, `${baseChain} ${subChain}`, subChain, first);
      const chain = { type: 'chains' as const, id: spec.origin.parentId, name: `${baseChain} ${subChain}` };
      const own = nodes.map((raw) => ({
        type: 'nodes' as const,
        id: String(raw['id']),
        name: String(raw['name']),
      }));
      const { revision: _revision, ...rest } = spec;
      const claimed = claimsNodes ? { ...rest, origin: { ...rest.origin, sources: [...own, chain] } } : rest;
      return { specs: [withRevision(claimed)], refusals: [], unwatched: [] };
    },
  };
}

function specOf(
  kind: string,
  family: Family,
  routingKey: string,
  configId: string,
  name: string,
  raw: JsonObject,
): MonitorSpec {
  return withRevision({
    id: `${kind}:${configId}`,
    kind,
    name,
    componentName: `${kind} (${name})`,
    origin: { family, configId, parentId: String(raw['parent_id']), ...chainOf(routingKey) },
    module: 'file:///stand-in/monitor.cjs',
    periodMs: 10_000,
    limits: DEFAULT_LIMITS,
    settings: {},
  });
}

export const CHAIN_KINDS: readonly MonitorStrategy[] = [
  perEntry('github', 'github', ['chains.*.*.github_repos_config', 'general.github_repos_config'], (raw) =>
    String(raw['repo_name']),
  ),
  perEntry(
    'dockerhub',
    'dockerhub',
    ['chains.*.*.dockerhub_repos_config', 'general.dockerhub_repos_config'],
    (raw) => `${String(raw['repo_namespace'])}/${String(raw['repo_name'])}`,
  ),
  perChain('chainlink-contracts', 'contract', ['chains.chainlink.*.nodes_config'], true),
  perChain('cosmos-network', 'network', ['chains.cosmos.*.nodes_config'], false),
];
