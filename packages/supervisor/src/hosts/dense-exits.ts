/** What the end of a shared thread is for each of its workers: who is to blame, and who only was there. Pure. */
import type { SerialisedError } from '@vedette/contract';
import type { WorkerExit } from './host.js';
import type { ThreadEnd } from './worker-thread.js';

export interface LeftWorker {
  readonly id: string;
  readonly isKilled: boolean;
  /** Its run was over before. */
  readonly lastExit: WorkerExit | null;
}

/**
 * One exit per worker, in order. `culprit`: index of the worker whose code ran last, -1 if it is none of these.
 * `isAsked`: the host ended the thread.
 */
export function exitsOf(
  hostId: string,
  end: ThreadEnd,
  isAsked: boolean,
  workers: readonly LeftWorker[],
  culprit: number,
): readonly WorkerExit[] {
  const names = workers.map(({ id }) => id);
  return workers.map(({ isKilled, lastExit }, index) => {
    if (lastExit !== null) return lastExit;
    if (isKilled) return { reason: 'killed', code: end.code, error: null };
    if (isAsked) return moved(end, `${hostId}, where it ran, was ended`, names);
    if (workers.length === 1) return end;
    if (index === culprit) return { ...end, error: end.error === null ? null : withNames(end.error, names) };
    const blamed = names[culprit] === undefined ? '' : `, ${names[culprit]} ran last`;
    return moved(end, `${hostId}, where it ran, ended (${end.reason})${blamed}`, names);
  });
}

function moved({ code, error }: ThreadEnd, message: string, monitors: readonly string[]): WorkerExit {
  const why: SerialisedError = { code: null, name: 'Error', message, details: { monitors: [...monitors] } };
  return { reason: 'moved', code, error: error === null ? why : { ...why, cause: error } };
}

function withNames(error: SerialisedError, monitors: readonly string[]): SerialisedError {
  return { ...error, details: { ...error.details, monitors: [...monitors] } };
}
