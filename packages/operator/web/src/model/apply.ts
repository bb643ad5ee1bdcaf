/** What an event makes of a row. Pure. Promise: an event older than what the row shows changes nothing of it. */
import type { LiveEvent } from '../api/events.js';
import type { Facts, MonitorRow } from '../api/types.js';
import { CHAIN_FACTS } from './chains.js';

/** The same row if nothing changes. */
export function applied(row: MonitorRow, event: LiveEvent): MonitorRow {
  switch (event.name) {
    case 'monitor.state-changed': {
      if (row.since !== null && event.at < row.since) return row;
      const isDown = event.to === 'failed' || event.to === 'backoff';
      return {
        ...row,
        state: event.to === 'stopped' && row.isPaused ? 'paused' : event.to,
        since: event.at,
        attempt: event.attempt,
        nextStartAt: null,
        host: event.to === 'running' ? row.host : null,
        error: isDown ? event.error : row.error,
      };
    }
    case 'monitor.round-ended': {
      if (row.lastRound !== null && event.at < row.lastRound.at) return row;
      const { outcome, at, durationMs, facts, keyFigure, reported, error } = event;
      return {
        ...row,
        keyFigure,
        facts: pickedFacts(facts),
        lastRound: { outcome, at, durationMs },
        reportedCode: reported?.code ?? null,
        error: row.state === 'failed' || row.state === 'backoff' ? row.error : error,
      };
    }
    case 'monitor.health-changed':
      return { ...row, health: event.to };
    case 'monitor.restarted':
      return { ...row, restarts: row.restarts + 1 };
    case 'monitor.paused':
      return { ...row, isPaused: true, state: row.state === 'stopped' ? 'paused' : row.state };
    case 'monitor.resumed':
      return { ...row, isPaused: false, state: row.state === 'paused' ? 'stopped' : row.state };
    case 'monitor.link-changed':
      return { ...row, link: event.link };
    default:
      return row;
  }
}

function pickedFacts(facts: Facts): Facts {
  const picked: Record<string, number | null> = {};
  for (const name of CHAIN_FACTS) {
    const value = facts[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
