/** A monitor's page as lines. Pure. */
import type { Monitor } from './fleet.js';

/** What of `GET /api/v1/monitors/{id}` is shown. */
export interface MonitorDetail extends Monitor {
  readonly attempt: number;
  readonly periodMs: number;
  readonly since: number | null;
  readonly link: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly restartsByCause: Readonly<Record<string, number>>;
  readonly lastError: ErrorShown | null;
  readonly error: ErrorShown | null;
  readonly lastRound:
    | (NonNullable<Monitor['lastRound']> & {
        readonly facts: Readonly<Record<string, number | null>>;
        readonly reported: { readonly code: number; readonly message: string } | null;
      })
    | null;
  readonly memory: { readonly heapBytes: number; readonly externalBytes: number } | null;
  readonly history: readonly {
    readonly at: number;
    readonly from: string;
    readonly to: string;
    readonly cause: string | null;
    readonly error: ErrorShown | null;
  }[];
}

interface ErrorShown {
  readonly code: string | null;
  readonly message: string;
  readonly remedy?: string | null;
}

/** What needs a look first. */
export function detailText(one: MonitorDetail): string[] {
  const { lastRound, memory } = one;
  const causes = Object.entries(one.restartsByCause).map(([cause, count]) => `${count} ${cause}`);
  const round =
    lastRound === null
      ? ['none yet']
      : [
          `${lastRound.outcome} at ${timeOf(lastRound.at)}, ${Math.round(lastRound.durationMs)} ms`,
          ...(lastRound.reported === null
            ? []
            : [`reported ${lastRound.reported.code}: ${lastRound.reported.message}`]),
          ...Object.entries(lastRound.facts).map(([name, value]) => `${name} = ${value ?? '-'}`),
        ];
  return [
    `${one.id}  ${one.name}`,
    `kind ${one.kind}, chain ${one.chain}, every ${one.periodMs / 1_000} s`,
    `${one.state}${one.since === null ? '' : ` since ${timeOf(one.since)}`}, ${one.health}, run ${one.attempt} on ${one.host ?? 'no host'}, broker ${one.link}`,
    `${one.restarts} restarts${causes.length === 0 ? '' : `: ${causes.join(', ')}`}`,
    ...(memory === null
      ? []
      : [`memory: ${megabytes(memory.heapBytes)} MB heap, ${megabytes(memory.externalBytes)} MB outside`]),
    ...(one.keyFigure === '' ? [] : [one.keyFigure]),
    ...titled('error now', one.error === null ? [] : errorLines(one.error)),
    ...titled('why its last run ended', one.lastError === null ? [] : errorLines(one.lastError)),
    ...titled('last round', round),
    ...titled(
      'settings',
      Object.entries(one.settings).map(
        ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ),
    ),
    ...titled(
      'history, newest first',
      [...one.history].reverse().map(({ at, from, to, cause, error }) => {
        const why = [cause, error?.code, error?.message].filter(
          (word) => word !== null && word !== undefined,
        );
        return `${timeOf(at)} ${from} -> ${to}${why.length === 0 ? '' : `  ${why.join(' ')}`}`;
      }),
    ),
  ];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function errorLines({ code, message, remedy }: ErrorShown): string[] {
  return [`${code ?? ''} ${message}`.trim(), ...(remedy ? [remedy] : [])];
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
