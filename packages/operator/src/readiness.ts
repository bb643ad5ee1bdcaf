/** Is the manager at work? Pure: what it says of itself in, a verdict with reasons out. */
import type { LinkWord } from '@vedette/contract';
import type { ManagerState } from '@vedette/manager';

/** What a manager says of itself, as far as its readiness depends on it. */
export interface Vital {
  readonly state: ManagerState;
  /** The config queues are being read. */
  readonly isReading: boolean;
  readonly link: LinkWord;
}

/** Empty: ready. Otherwise one sentence for each thing that is missing. */
export function unreadiness({ state, isReading, link }: Vital): readonly string[] {
  const missing: string[] = [];
  if (state !== 'running') missing.push(`the manager is ${state}`);
  if (state === 'running' && !isReading) missing.push('the config queues are not read yet');
  if (link !== 'connected') missing.push(`the link to the broker is ${link}`);
  return missing;
}

/** A process that answers is alive; one whose manager has ended has nothing left to live for. */
export function isHealthy({ state }: Pick<Vital, 'state'>): boolean {
  return state !== 'stopped';
}
