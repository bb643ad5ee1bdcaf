/** What a new worker is given: everything it needs, and nothing of an earlier run but its state. */
import { createVitals, PROTOCOL_VERSION, type StartData } from '@vedette/contract';
import type { Surroundings } from './surroundings.js';

export function startDataOf(
  run: Pick<StartData, 'spec' | 'attempt' | 'state' | 'firstRoundDelayMs' | 'reconnectSpreadMs'>,
  shared: Pick<Surroundings, 'broker' | 'beatMs' | 'echo' | 'logLevel'>,
): StartData {
  const { broker, beatMs, echo, logLevel } = shared;
  return {
    version: PROTOCOL_VERSION,
    ...run,
    broker,
    // A segment of its own per run: a worker that will not die cannot write for its successor.
    vitals: createVitals(1),
    slot: 0,
    beatMs,
    echo,
    logLevel,
  };
}
