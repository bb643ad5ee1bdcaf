/** What the operator's table shows of each monitor. Pure. */
import type { Facts } from '@vedette/contract';
import { stateWord, type MonitorStatus } from '@vedette/supervisor';
import { age, LAGGING_BLOCKS, type Row } from './row.js';

/** Blocks each node is behind the highest of its chain and kind. Nodes alone in their chain are left out. */
export function blocksBehind(statuses: readonly MonitorStatus[]): ReadonlyMap<string, number> {
  const highest = new Map<string, { height: number; nodes: number }>();
  const group = ({ kind, origin }: MonitorStatus): string => `${kind}/${origin.parentId}`;
  for (const status of statuses) {
    const height = heightOf(status);
    if (height === null) continue;
    const known = highest.get(group(status));
    highest.set(group(status), {
      height: Math.max(height, known?.height ?? 0),
      nodes: (known?.nodes ?? 0) + 1,
    });
  }
  const behind = new Map<string, number>();
  for (const status of statuses) {
    const height = heightOf(status);
    const top = highest.get(group(status));
    if (height !== null && top !== undefined && top.nodes > 1) behind.set(status.id, top.height - height);
  }
  return behind;
}

export function rowsOf(
  statuses: readonly MonitorStatus[],
  keyFigure: (kind: string, facts: Facts) => string,
  now: number,
): Row[] {
  const behind = blocksBehind(statuses);
  return statuses.map((status) => {
    const { lastRound } = status;
    const lag = behind.get(status.id) ?? null;
    return {
      id: status.id,
      name: status.name,
      kind: status.kind,
      state: stateWord(status),
      health: status.health,
      host: hostOf(status),
      lastRound:
        lastRound === null ? '-' : `${age(now - lastRound.at)} ago, ${Math.round(lastRound.durationMs)} ms`,
      keyFigure: figure(status, keyFigure, lag),
      restarts: status.restarts,
      blocksBehind: lag,
    };
  });
}

function hostOf({ placement }: MonitorStatus): string {
  if (placement === null) return '-';
  return placement.reason === 'demoted' ? `${placement.host} (demoted)` : placement.host;
}

function figure(
  status: MonitorStatus,
  keyFigure: (kind: string, facts: Facts) => string,
  lag: number | null,
): string {
  const { lastRound, state } = status;
  if (state.state === 'failed') return `${state.error.code ?? ''} ${state.error.message}`.trim();
  if (state.state === 'backoff') return `waits after: ${state.reason.message}`;
  if (lastRound === null) return '-';
  if (lastRound.error !== null) return `${lastRound.error.code ?? ''} ${lastRound.error.message}`.trim();
  if (lastRound.reported !== null) return `${lastRound.reported.code}: ${lastRound.reported.message}`;
  const text = keyFigure(status.kind, lastRound.facts);
  return lag !== null && lag >= LAGGING_BLOCKS ? `${text}, LAGGING ${lag} blocks` : text;
}

function heightOf({ lastRound, state }: MonitorStatus): number | null {
  if (state.state !== 'running' || lastRound === null || lastRound.reported !== null) return null;
  return lastRound.facts['block_height'] ?? null;
}
