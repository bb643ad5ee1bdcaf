/** What the supervisor keeps running: plain JSON, complete, comparable by its revision. */
import type { JsonObject } from './json.js';
import { revisionOf } from './revision.js';
import type { Family, MonitorableType } from './families.js';

/** Bounds of one monitor. All times in milliseconds, all sizes in MiB. */
export interface MonitorLimits {
  /** A round past this is aborted; 500 ms later it counts as hung. */
  readonly roundTimeoutMs: number;
  /** Spawn to `ready`. */
  readonly startTimeoutMs: number;
  /** Stop asked to stopped; past this the worker is terminated. */
  readonly stopTimeoutMs: number;
  /** V8 young generation; small ones slow code that allocates a lot. */
  readonly youngMb: number;
  /** V8 old generation; 80 % of it is the soft mark that leads to a planned restart. */
  readonly oldMb: number;
  /** Memory outside the heap (Buffers), which V8 does not limit: also a soft mark. */
  readonly externalMb: number;
}

/** Where a monitor comes from, as PANIC names it; for heartbeats and monitorables. */
export interface MonitorOrigin {
  /** Which of PANIC's six managers it belongs to. */
  readonly family: Family;
  /** The key of its entry in the config message. */
  readonly configId: string;
  /** The id its messages carry, where that is not `configId` (PANIC's INI dialect). */
  readonly wireId?: string;
  readonly parentId: string;
  /** `cosmos`, `substrate`, `chainlink` or `general`. */
  readonly baseChain: string;
  /** Chain name as configured; `general` where there is none. */
  readonly subChain: string;
  /**
   * What the UI shall list for this monitor, where that is not just its own id and name: a monitor of a
   * whole chain that reads several nodes names each of them.
   */
  readonly sources?: readonly MonitorableSource[];
}

/** One entry of a monitorables message, but for its chain. */
export interface MonitorableSource {
  readonly type: MonitorableType;
  readonly id: string;
  readonly name: string;
}

export interface MonitorSpec {
  /** `<kind>:<config id>`, unique in one manager. */
  readonly id: string;
  readonly kind: string;
  /** What people call it, for example the node's name. */
  readonly name: string;
  /** PANIC's component name, for example `Node monitor (geth 1)`; `monitor_name` on the wire. */
  readonly componentName: string;
  readonly origin: MonitorOrigin;
  /** file: URL of the bundled monitor module. */
  readonly module: string;
  /** Start of a round to start of the next. */
  readonly periodMs: number;
  readonly limits: MonitorLimits;
  /** False: its module needs state of its whole thread, so that it never shares one. Default true. */
  readonly isPackable?: boolean;
  /** Validated by the strategy; what the monitor gets. */
  readonly settings: JsonObject;
  /** Fingerprint of all of the above but `module`: a new installation path restarts nothing. */
  readonly revision: string;
}

export const DEFAULT_LIMITS: MonitorLimits = {
  roundTimeoutMs: 30_000,
  startTimeoutMs: 15_000,
  stopTimeoutMs: 3_000,
  youngMb: 1,
  oldMb: 24,
  externalMb: 64,
};

/** Completes a spec with its revision. */
export function withRevision(spec: Omit<MonitorSpec, 'revision'>): MonitorSpec {
  const { module: _module, ...fingerprinted } = spec;
  return { ...spec, revision: revisionOf(fingerprinted as unknown as JsonObject) };
}
