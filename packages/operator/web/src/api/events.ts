/** Events of the stream as the page uses them; others are passed over. Pure. */
import type { HealthWord, LinkWord, Round, ShownError, StateWord } from './types.js';

interface OfMonitor {
  readonly at: number;
  readonly id: string;
  readonly kind: string;
  readonly attempt: number;
}

export type LiveEvent =
  | (OfMonitor & {
      readonly name: 'monitor.state-changed';
      readonly from: StateWord;
      readonly to: StateWord;
      readonly error: ShownError | null;
    })
  | (OfMonitor & {
      readonly name: 'monitor.health-changed';
      readonly from: HealthWord;
      readonly to: HealthWord;
    })
  | (RoundEnded & { readonly name: 'monitor.round-ended' })
  | (OfMonitor & { readonly name: 'monitor.restarted' | 'monitor.paused' | 'monitor.resumed' })
  | (OfMonitor & { readonly name: 'monitor.link-changed'; readonly link: LinkWord })
  | { readonly name: 'monitor.removed'; readonly at: number; readonly id: string }
  | { readonly name: 'broker.link-changed'; readonly at: number; readonly link: LinkWord }
  | { readonly name: 'config.applied' | 'config.refused' | 'config.parked'; readonly at: number };

/** `at` is the end of the round. */
export type RoundEnded = OfMonitor & Round & { readonly keyFigure: string };

const NAMES: ReadonlySet<string> = new Set<LiveEvent['name']>([
  'monitor.state-changed',
  'monitor.health-changed',
  'monitor.round-ended',
  'monitor.restarted',
  'monitor.paused',
  'monitor.resumed',
  'monitor.link-changed',
  'monitor.removed',
  'broker.link-changed',
  'config.applied',
  'config.refused',
  'config.parked',
]);

/** Null for what is not known or no JSON. */
export function liveEventOf(name: string, data: string): LiveEvent | null {
  if (!NAMES.has(name)) return null;
  try {
    return { ...(JSON.parse(data) as object), name } as LiveEvent;
  } catch {
    return null;
  }
}
