/** Which host a monitor is for: the most special rule wins, the command line before the config. Pure. */
import type { HostChoice, MonitorSpec, PlacementReason } from '@vedette/contract';
import { isDemoted, type DeathHistory } from './demotion.js';

/** What the command line says; the config's own rules come with each spec, as `hosting`. */
export interface HostRules {
  /** For monitors no other rule names; null: nobody chose. */
  readonly default: HostChoice | null;
  /** Kind to host. */
  readonly kinds: Readonly<Record<string, HostChoice>>;
  /** Monitor to host, by `kind:id` or by config id. */
  readonly monitors: Readonly<Record<string, HostChoice>>;
  /** Where nobody chose. */
  readonly fallback: HostChoice;
}

/** The host chosen for one monitor, and by which rule. */
export interface Choice {
  readonly host: HostChoice;
  readonly reason: PlacementReason;
}

/** What the rules say of one monitor. */
type Chosen = Pick<MonitorSpec, 'id' | 'kind' | 'origin' | 'hosting'>;

/** `history`: of this monitor. */
export function placementOf(spec: Chosen, rules: HostRules, history: DeathHistory): Choice {
  if (isDemoted(history)) return { host: 'process', reason: 'demoted' };
  const { hosting } = spec;
  const ofConfig = (by: 'monitor' | 'kind' | 'default'): HostChoice | undefined =>
    hosting?.by === by ? hosting.host : undefined;
  const { monitors, kinds } = rules;
  const byId = own(monitors, spec.id) ?? own(monitors, spec.origin.configId) ?? ofConfig('monitor');
  if (byId !== undefined) return choice(byId, 'by-id');
  const byKind = own(kinds, spec.kind) ?? ofConfig('kind');
  if (byKind !== undefined) return choice(byKind, 'by-kind');
  const byDefault = rules.default ?? ofConfig('default');
  if (byDefault !== undefined) return choice(byDefault, 'by-default');
  return choice(rules.fallback, 'by-default');
}

function choice(host: HostChoice, reason: PlacementReason): Choice {
  return { host, reason: host === 'auto' ? 'auto' : reason };
}

function own(rules: Readonly<Record<string, HostChoice>>, name: string): HostChoice | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined;
}
