/** What happened, as sentences of few words. Pure. */
import type { LiveEvent } from '../api/events.js';
import { signOf, type Shape, type Tone } from './condition.js';

export interface Happening {
  readonly key: string;
  readonly at: number;
  /** Null: about no monitor. */
  readonly id: string | null;
  readonly tone: Tone;
  readonly shape: Shape;
  readonly what: string;
  /** What others wrote; empty if nothing. */
  readonly why: string;
}

/** Names of those worth a line. */
export const TOLD = [
  'monitor.state-changed',
  'monitor.health-changed',
  'monitor.paused',
  'monitor.removed',
  'broker.link-changed',
  'config.applied',
  'config.refused',
  'config.parked',
] as const satisfies readonly LiveEvent['name'][];

/** Null for what is not worth a line: rounds, and the steps between states that last. */
export function happeningOf(event: LiveEvent): Happening | null {
  const make = (tone: Tone, shape: Shape, what: string, why = ''): Happening => {
    const id = 'id' in event ? event.id : null;
    return { key: `${event.at} ${event.name} ${id ?? ''} ${what}`, at: event.at, id, tone, shape, what, why };
  };
  switch (event.name) {
    case 'monitor.state-changed': {
      const what = STATES[event.to];
      // The first run of each of thousands is no news.
      if (what === undefined || (event.to === 'running' && event.attempt === 1)) return null;
      return make(
        ...signOf('state', event.to),
        what,
        event.to === 'running' ? '' : (event.error?.message ?? ''),
      );
    }
    case 'monitor.health-changed':
      if (event.to === 'unknown' || (event.from === 'unknown' && event.to === 'healthy')) return null;
      return make(...signOf('health', event.to), `is ${event.to}`);
    case 'monitor.paused':
      return make('note', 'bars', 'was paused');
    case 'monitor.removed':
      return make('idle', 'square', 'was taken out');
    case 'broker.link-changed':
      return event.link === 'connected'
        ? make('good', 'check', 'The broker is connected')
        : make('warn', 'diamond', `The broker is ${event.link}`);
    case 'config.applied':
      return make('note', 'check', 'A config was taken');
    case 'config.refused':
      return make('bad', 'cross', 'An entry of a config was refused');
    case 'config.parked':
      return make('bad', 'cross', 'A config was not taken');
    default:
      return null;
  }
}

/** States that last; a stop is told as the pause or the removal it comes from. */
const STATES: Readonly<Record<string, string>> = {
  running: 'runs again',
  backoff: 'died and will start again',
  failed: 'failed',
};

/** A round that saw trouble where the one before (`before`: its code, or null) saw none, or the other way round. */
export function troubleOf(before: number | null, event: LiveEvent): Happening | null {
  if (event.name !== 'monitor.round-ended') return null;
  const { id, at, reported } = event;
  if ((reported?.code ?? null) === before) return null;
  const key = `${at} trouble ${id}`;
  if (reported === null)
    return { key, at, id, tone: 'good', shape: 'disc', what: 'sees no trouble any more', why: '' };
  return {
    key,
    at,
    id,
    tone: 'warn',
    shape: 'diamond',
    what: `sees trouble ${reported.code}`,
    why: reported.message,
  };
}

/** Newest first, each once, at most `most`. */
export function mergedHappenings(
  known: readonly Happening[],
  more: readonly Happening[],
  most: number,
): readonly Happening[] {
  const byKey = new Map([...known, ...more].map((one) => [one.key, one]));
  return [...byKey.values()].sort((a, b) => b.at - a.at).slice(0, most);
}
