/** What a MonitorsManager is made of, and what it tells. */
import type { Clock, Logger, Refusal } from '@vedette/contract';
import type { Broker } from '@vedette/broker';
import type { Changes, Supervisor } from '@vedette/supervisor';
import type { ConfigSource } from './intake/config-source.js';
import type { Intake } from './monitorables-gate.js';
import type { ScopeStore, SetAside } from './store/scope-store.js';
import type { StrategyRegistry } from './strategy-registry.js';

/** A manager goes through these in order, once. */
export type ManagerState = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped';

/** The events of a manager, one object each. Those of single monitors are on its supervisor. */
export interface ManagerEvents {
  'manager.state-changed': [{ from: ManagerState; to: ManagerState }];
  'config.applied': [{ scope: string; changes: Changes; refusals: readonly Refusal[] }];
  'config.refused': [{ scope: string; refusal: Refusal }];
  'config.parked': [{ scope: string; refusals: readonly Refusal[] }];
  /** How far the config queues are read: once `isReading`, whatever is published comes here. */
  'intake.changed': [Intake];
  'store.set-aside': [SetAside];
}

/** What a manager is made of; {@link createManager} makes the parts too. */
export interface ManagerOptions<B extends Broker = Broker> {
  readonly broker: B;
  readonly supervisor: Supervisor;
  readonly registry: StrategyRegistry;
  readonly source: ConfigSource;
  /** Default: memory, right for a file as source. */
  readonly store?: ScopeStore;
  /**
   * Nobody of PANIC is there: a queue of our own makes results routable, and monitorables are not sent.
   */
  readonly isStandAlone?: boolean;
  /** Configs of a base chain are taken as complete when none came for so long. Default 12,000. */
  readonly monitorablesQuietMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}
