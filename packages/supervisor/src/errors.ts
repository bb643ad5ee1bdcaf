/** Puts what befalls a worker into words: cause and coded error. Pure. */
import {
  serialiseError,
  VedetteError,
  type ErrorCode,
  type MonitorSpec,
  type RestartCause,
  type SerialisedError,
} from '@vedette/contract';
import type { WorkerExit } from './hosts/host.js';
import type { BadVerdict } from './watch-decision.js';

export interface EndOfRun {
  readonly cause: RestartCause;
  /** Null where the end was asked for. */
  readonly error: SerialisedError | null;
}

const WORDS: Readonly<Record<WorkerExit['reason'], { cause: RestartCause; code: ErrorCode; text: string }>> =
  {
    exited: { cause: 'exited', code: 'MONITOR_EXITED', text: 'ended by itself' },
    killed: { cause: 'exited', code: 'MONITOR_EXITED', text: 'was killed from outside' },
    crashed: { cause: 'crashed', code: 'MONITOR_CRASHED', text: 'threw an uncaught error' },
    moved: { cause: 'moved', code: 'MONITOR_MOVED', text: 'was moved elsewhere' },
    'out-of-memory': { cause: 'out-of-memory', code: 'MONITOR_OUT_OF_MEMORY', text: 'hit its heap limit' },
  };

/** For a worker nobody asked to end. */
export function unaskedEnd(
  spec: MonitorSpec,
  attempt: number,
  exit: WorkerExit,
): EndOfRun & { readonly error: SerialisedError } {
  const { cause, code, text } = WORDS[exit.reason];
  const details = {
    id: spec.id,
    attempt,
    exitCode: exit.code,
    ...(exit.reason === 'out-of-memory' ? { oldMb: spec.limits.oldMb } : {}),
  };
  const error = serialiseError(new VedetteError(code, `${spec.id} ${text}`, { details }));
  return { cause, error: exit.error === null ? error : { ...error, cause: exit.error } };
}

/** An error of ours about one monitor, as plain data. */
export function monitorError(
  code: ErrorCode,
  spec: MonitorSpec,
  text: string,
  details: Readonly<Record<string, number | string>> = {},
): SerialisedError {
  return serialiseError(
    new VedetteError(code, `${spec.id} ${text}`, { details: { id: spec.id, ...details } }),
  );
}

/** For a worker that is there but not well. */
export function verdictError(
  verdict: BadVerdict,
  spec: MonitorSpec,
  forMs: number,
  memory: { readonly heapKb: number; readonly externalKb: number },
): SerialisedError {
  const rounded = Math.round(forMs);
  if (verdict === 'hung') {
    return monitorError('MONITOR_HUNG', spec, `has not beaten for ${rounded} ms`, { forMs: rounded });
  }
  if (verdict === 'round-timeout') {
    const { roundTimeoutMs } = spec.limits;
    const text = `is in one round for ${rounded} ms, ${roundTimeoutMs} are allowed`;
    return monitorError('MONITOR_ROUND_TIMEOUT', spec, text, { forMs: rounded, roundTimeoutMs });
  }
  const { heapKb, externalKb } = memory;
  const { oldMb, externalMb } = spec.limits;
  const text = `uses ${heapKb} KiB of heap and ${externalKb} KiB outside it`;
  return monitorError('MONITOR_MEMORY_MARK', spec, text, { heapKb, externalKb, oldMb, externalMb });
}
