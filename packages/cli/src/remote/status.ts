/** `vedette status [ID]`: how the running manager and its monitors are, worst first. */
import { layOut, type Column } from '../table/columns.js';
import { EXIT } from '../exit-codes.js';
import type { ApiClient } from './api-client.js';

/** What of `GET /api/v1/status` is shown. */
export interface StatusShown {
  readonly version: string;
  readonly state: string;
  readonly isReady: boolean;
  readonly missing: readonly string[];
  readonly brokerLink: string;
  readonly monitors: { readonly total: number; readonly byState: Readonly<Record<string, number>> };
}

/** What of a monitor is shown. */
export interface MonitorShown {
  readonly id: string;
  readonly state: string;
  readonly health: string;
  readonly host: string | null;
  readonly restarts: number;
  readonly keyFigure: string;
  readonly error: {
    readonly code: string | null;
    readonly message: string;
    readonly remedy?: string | null;
  } | null;
}

const COLUMNS: readonly Column[] = [
  { title: 'ID', maxWidth: 40 },
  { title: 'STATE', maxWidth: 10 },
  { title: 'HEALTH', maxWidth: 10 },
  { title: 'HOST', maxWidth: 18 },
  { title: 'RESTARTS', maxWidth: 8, isRight: true },
  { title: 'KEY FIGURE', maxWidth: 200 },
];
const MOST_ROWS = 200;

/** Exit status: 0 all monitors run and the manager is ready, 1 something is not as it should be. */
export async function showStatus(
  api: ApiClient,
  { id, isJson, width }: { readonly id: string | null; readonly isJson: boolean; readonly width: number },
): Promise<number> {
  if (id !== null) {
    const one = await api.get<MonitorShown>(`/api/v1/monitors/${encodeURIComponent(id)}`);
    print(isJson ? JSON.stringify(one, null, 2) : monitorText(one));
    return one.state === 'running' && one.health !== 'hung' ? EXIT.ok : EXIT.failure;
  }
  const status = await api.get<StatusShown>('/api/v1/status');
  const page = await api.get<{ readonly items: readonly MonitorShown[]; readonly total: number }>(
    `/api/v1/monitors?sort=worst&limit=${MOST_ROWS}`,
  );
  print(
    isJson
      ? JSON.stringify({ ...status, items: page.items }, null, 2)
      : statusText(status, page.items, width).join('\n'),
  );
  const { byState, total } = status.monitors;
  return status.isReady && (byState['running'] ?? 0) + (byState['paused'] ?? 0) === total
    ? EXIT.ok
    : EXIT.failure;
}

/** Pure. */
export function statusText(status: StatusShown, monitors: readonly MonitorShown[], width: number): string[] {
  const { total, byState } = status.monitors;
  const counts = Object.entries(byState).sort((a, b) => b[1] - a[1]);
  const ready = status.isReady ? 'ready' : `not ready: ${status.missing.join(', ')}`;
  const head = [
    `vedette ${status.version}: ${status.state}, ${ready}, broker ${status.brokerLink}`,
    `${total} monitors: ${counts.map(([state, count]) => `${count} ${state}`).join(', ') || 'none'}`,
  ];
  if (monitors.length === 0) return head;
  const rows = monitors.map((one) => [
    one.id,
    one.state,
    one.health,
    one.host ?? '-',
    String(one.restarts),
    one.error === null ? one.keyFigure : `${one.error.code ?? ''} ${one.error.message}`.trim(),
  ]);
  const more = total > monitors.length ? [`… and ${total - monitors.length} more`] : [];
  return [...head, '', ...layOut(COLUMNS, rows, width), ...more];
}

function monitorText(one: MonitorShown): string {
  const lines = [
    `${one.id}: ${one.state}, ${one.health}, ${one.restarts} restarts, on ${one.host ?? 'no host'}`,
    one.keyFigure,
  ];
  if (one.error !== null) lines.push(`${one.error.code ?? ''} ${one.error.message}`.trim());
  if (one.error?.remedy) lines.push(`  ${one.error.remedy}`);
  return lines.filter((line) => line !== '').join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
