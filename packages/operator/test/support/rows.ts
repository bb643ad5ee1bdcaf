/** Rows as the dashboard has them; say only what a test is about. */
import type { RoundEnded } from '../../web/src/api/events.js';
import type { MonitorRow } from '../../web/src/api/types.js';

export function aRow(parts: Partial<MonitorRow> = {}): MonitorRow {
  return {
    id: 'evm-node:geth',
    kind: 'evm-node',
    name: 'geth',
    family: 'node',
    baseChain: 'chainlink',
    chain: 'testnet',
    state: 'running',
    isPaused: false,
    health: 'healthy',
    since: 1_000,
    attempt: 1,
    restarts: 0,
    link: 'connected',
    host: 'cell:1/0',
    nextStartAt: null,
    keyFigure: 'height 120',
    facts: {},
    lastRound: { outcome: 'ok', at: 5_000, durationMs: 12 },
    reportedCode: null,
    error: null,
    ...parts,
  };
}

export function aRound(parts: Partial<RoundEnded> = {}): RoundEnded {
  return {
    id: 'evm-node:geth',
    kind: 'evm-node',
    attempt: 1,
    at: 6_000,
    outcome: 'ok',
    durationMs: 9,
    facts: {},
    reported: null,
    error: null,
    publishes: { confirmed: 1 },
    keyFigure: 'height 121',
    ...parts,
  };
}
