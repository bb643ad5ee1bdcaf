/**
 * The answers of the API as the page reads them. Promise: a test of types holds them against the server's schemas.
 */

export type StateWord = 'stopped' | 'paused' | 'starting' | 'running' | 'backoff' | 'stopping' | 'failed';
export type HealthWord = 'unknown' | 'healthy' | 'late' | 'failing' | 'hung';
export type LinkWord = 'connecting' | 'connected' | 'blocked' | 'disconnected' | 'closed';
export type Facts = Readonly<Record<string, number | null>>;

export interface ShownError {
  readonly code: string | null;
  readonly message: string;
  readonly remedy: string | null;
}

export interface RoundSummary {
  readonly outcome: 'ok' | 'failed' | 'timeout';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
}

export interface Round extends RoundSummary {
  readonly facts: Facts;
  readonly reported: { readonly code: number; readonly message: string } | null;
  readonly error: ShownError | null;
  readonly publishes: Readonly<Record<string, number>>;
}

export interface MonitorRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly family: string;
  readonly baseChain: string;
  readonly chain: string;
  readonly state: StateWord;
  readonly isPaused: boolean;
  readonly health: HealthWord;
  readonly since: number | null;
  readonly attempt: number;
  readonly restarts: number;
  readonly link: LinkWord;
  readonly host: string | null;
  readonly nextStartAt: number | null;
  readonly keyFigure: string;
  readonly facts: Facts;
  readonly lastRound: RoundSummary | null;
  readonly reportedCode: number | null;
  readonly error: ShownError | null;
}

export interface HistoryEntry {
  readonly at: number;
  readonly what: 'state' | 'health';
  readonly from: string;
  readonly to: string;
  readonly attempt: number;
  readonly cause: string | null;
  readonly error: ShownError | null;
}

export interface MonitorDetail extends Omit<MonitorRow, 'lastRound'> {
  readonly parentId: string;
  readonly componentName: string;
  readonly periodMs: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly revision: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly restartsByCause: Readonly<Record<string, number>>;
  readonly lastError: ShownError | null;
  readonly lastRound: Round | null;
  readonly memory: { readonly heapBytes: number; readonly externalBytes: number } | null;
  readonly rounds: number | null;
  readonly replaced: number;
  readonly history: readonly HistoryEntry[];
}

export interface MonitorPage {
  readonly total: number;
  readonly next: string | null;
  readonly items: readonly MonitorRow[];
}

export interface Status {
  readonly version: string;
  readonly now: number;
  readonly startedAt: number;
  readonly state: string;
  readonly isReady: boolean;
  readonly missing: readonly string[];
  readonly brokerLink: LinkWord;
  readonly monitors: { readonly total: number };
  readonly configs: {
    readonly accepted: number;
    readonly parked: number;
    readonly refusedByCode: Readonly<Record<string, number>>;
  };
  readonly memory: { readonly residentBytes: number; readonly heapBytes: number };
  readonly eventClients: number;
  readonly actionsNeedToken: boolean;
}

export interface Refusal {
  readonly code: string;
  readonly configId: string | null;
  readonly field: string | null;
  readonly reason: string;
  readonly remedy: string;
}

export interface Scope {
  readonly scope: string;
  readonly wanted: number;
  readonly running: number;
  readonly takenAt: number | null;
  readonly refusals: readonly Refusal[];
  readonly notTaken: { readonly at: number; readonly refusals: readonly Refusal[] } | null;
}

export interface Kind {
  readonly kind: string;
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly what: string }[];
  readonly errors: readonly { readonly code: number; readonly when: string }[];
}
