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
      if (event.to === 'starting' || event.to === 'stopping') return null;
      const why = event.to === 'running' ? '' : (event.error?.message ?? '');
      return make(...signOf('state', event.to), STATES[event.to] ?? event.to, why);
    }
    case 'monitor.health-changed':
      return event.to === 'unknown' ? null : make(...signOf('health', event.to), `is ${event.to}`);
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

const STATES: Readonly<Record<string, string>> = {
  running: 'runs',
  backoff: 'died and will start again',
  failed: 'failed',
  stopped: 'stopped',
};

/** Newest first, each once, at most `most`. */
export function mergedHappenings(
  known: readonly Happening[],
  more: readonly Happening[],
  most: number,
): readonly Happening[] {
  const byKey = new Map([...known, ...more].map((one) => [one.key, one]));
  return [...byKey.values()].sort((a, b) => b.at - a.at).slice(0, most);
}
