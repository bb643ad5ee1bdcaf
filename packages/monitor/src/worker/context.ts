/** Builds the context a monitor's author gets. `now()` strictly increases within one run. */
import {
  isLogged,
  type Clock,
  type FromWorker,
  type LogFields,
  type LogLevel,
  type MonitorSpec,
} from '@vedette/contract';
import type { MonitorContext, MonitorIdentity } from '../define-monitor.js';
import type { Abort } from './abort.js';
import { plainFields } from './report.js';

export type Log = (level: LogLevel, sentence: string, fields?: LogFields) => void;

/** PANIC's transformer divides by the difference of two times: a microsecond keeps them apart. */
const SMALLEST_STEP_MS = 0.001;

/** Epoch milliseconds; each call gives a later value than the one before. */
export function increasingNow(clock: Clock): () => number {
  let last = -Infinity;
  return () => {
    const now = clock.now();
    last = now > last ? now : last + SMALLEST_STEP_MS;
    return last;
  };
}

/** Sends records to the main thread, where the one logger is; those nobody wants are not sent. */
export function workerLog(post: (message: FromWorker) => void, threshold: LogLevel): Log {
  return (level, sentence, fields = {}) => {
    if (isLogged(level, threshold)) post({ type: 'log', level, sentence, fields: plainFields(fields) });
  };
}

export function identityOf(spec: MonitorSpec): MonitorIdentity {
  const { id, kind, name, componentName, origin } = spec;
  const { parentId, baseChain, subChain } = origin;
  const configId = origin.wireId ?? origin.configId;
  return { id, kind, name, componentName, configId, parentId, baseChain, subChain };
}

/** One context per call: `open`, each round and `close` have their own. */
export function contextMaker(
  spec: MonitorSpec,
  now: () => number,
  log: Log,
  step: () => void,
): (call: Abort) => MonitorContext {
  const monitor = identityOf(spec);
  return (call) => ({
    monitor,
    settings: spec.settings,
    get signal() {
      return call.signal;
    },
    now,
    log,
    step,
  });
}
