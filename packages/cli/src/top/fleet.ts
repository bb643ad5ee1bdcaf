/** What `vedette top` knows of the monitors: what the list said last, and what events said since. Pure. */

/** Of a monitor, as the API lists it. */
export interface Monitor {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly chain: string;
  readonly state: string;
  readonly health: string;
  readonly host: string | null;
  readonly restarts: number;
  readonly keyFigure: string;
  readonly lastRound: { readonly outcome: string; readonly at: number; readonly durationMs: number } | null;
  readonly reportedCode: number | null;
  readonly error: { readonly code: string | null; readonly message: string } | null;
}

export type Fleet = ReadonlyMap<string, Monitor>;

/** What events change; a list that is read now and then brings the rest. */
export const EVENTS = [
  'monitor.state-changed',
  'monitor.health-changed',
  'monitor.round-ended',
  'monitor.restarted',
  'monitor.paused',
  'monitor.resumed',
  'monitor.removed',
] as const;

/** After these the list is read anew: there may be monitors nobody told of. */
export const RELOADING = ['config.applied', 'hello'] as const;

type Data = Readonly<Record<string, unknown>>;

/** Changes `fleet` in place, for there may be hundreds a second; true if that can be seen. */
export function hear(fleet: Map<string, Monitor>, name: string, data: Data): boolean {
  const { id } = data;
  if (typeof id !== 'string') return false;
  if (name === 'monitor.removed') return fleet.delete(id);
  const known = fleet.get(id);
  if (known === undefined) return false;
  const changed = changeOf(known, name, data);
  if (changed === null) return false;
  fleet.set(id, { ...known, ...changed });
  return true;
}

function changeOf(known: Monitor, name: string, data: Data): Partial<Monitor> | null {
  switch (name) {
    case 'monitor.state-changed': {
      const state = textOf(data['to']) ?? known.state;
      // A pause shows in the list as a state of its own; the supervisor says `stopped`.
      if (known.state === 'paused' && state === 'stopped') return null;
      return { state, error: errorOf(data['error']), ...(state === 'running' ? {} : { host: null }) };
    }
    case 'monitor.health-changed':
      return { health: textOf(data['to']) ?? known.health };
    case 'monitor.restarted':
      return { restarts: known.restarts + 1 };
    case 'monitor.paused':
      return { state: 'paused' };
    case 'monitor.resumed':
      return known.state === 'paused' ? { state: 'stopped' } : null;
    case 'monitor.round-ended': {
      const { outcome, at, durationMs } = data;
      if (typeof outcome !== 'string' || typeof at !== 'number' || typeof durationMs !== 'number')
        return null;
      const reported = data['reported'] as { readonly code?: unknown } | null | undefined;
      const reportedCode = typeof reported?.code === 'number' ? reported.code : null;
      return { lastRound: { outcome, at, durationMs }, error: errorOf(data['error']), reportedCode };
    }
    default:
      return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function errorOf(value: unknown): Monitor['error'] {
  if (typeof value !== 'object' || value === null) return null;
  const { code, message } = value as Data;
  return { code: textOf(code), message: textOf(message) ?? '' };
}
