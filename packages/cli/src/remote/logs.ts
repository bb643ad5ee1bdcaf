/** `vedette logs [ID]`: what the running manager logged, and with `-f` what it logs, until Ctrl-C. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LogLevel } from '@vedette/contract';
import { EXIT } from '../exit-codes.js';
import { prettyLine } from '../log-lines.js';
import type { ApiClient } from './api-client.js';
import { untilCtrlC } from './until-ctrl-c.js';

export interface LogsAsked {
  /** Of one monitor; null: all. */
  readonly id: string | null;
  readonly level: LogLevel;
  readonly count: number;
  readonly isFollowed: boolean;
  readonly isJson: boolean;
  readonly isColoured: boolean;
}

interface RecordShown {
  readonly at: number;
  readonly level: LogLevel;
  readonly sentence: string;
  readonly monitor: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Page {
  readonly items: readonly RecordShown[];
  readonly next: string;
  readonly isGap: boolean;
}

const EVERY_MS = 500;
/** Records of one answer while following. */
const PAGE = 1_000;

/** Exit status 0, also after Ctrl-C; a manager that goes away is a CommandFailure. */
export async function showLogs(api: ApiClient, asked: LogsAsked): Promise<number> {
  const { id, level, count, isFollowed } = asked;
  const ask = (limit: number, cursor: string | null): Promise<Page> => {
    const query = new URLSearchParams({ level, limit: String(limit) });
    if (id !== null) query.set('monitor', id);
    if (cursor !== null) query.set('cursor', cursor);
    return api.get<Page>(`/api/v1/logs?${query.toString()}`);
  };
  return untilCtrlC(async (signal) => {
    const first = await ask(Math.max(1, count), null);
    write(count === 0 ? [] : first.items, asked);
    let cursor = first.next;
    while (isFollowed && !signal.aborted) {
      const { items, next, isGap } = await ask(PAGE, cursor);
      if (isGap) process.stderr.write('vedette: some records between are not known any more\n');
      write(items, asked);
      cursor = next;
      // A full page has more behind it.
      if (items.length < PAGE) await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return EXIT.ok;
  });
}

function write(items: readonly RecordShown[], { isJson, isColoured }: LogsAsked): void {
  for (const one of items) {
    const line = isJson ? JSON.stringify(one) : logLine(one, isColoured);
    process.stdout.write(`${line}\n`);
  }
}

/** `2026-11-26T00:45:00.000Z info  Monitor is running  monitor=evm-node:geth kind=evm-node`. */
export function logLine({ at, level, sentence, monitor, fields }: RecordShown, isColoured: boolean): string {
  const named = monitor === null ? fields : { monitor, ...fields };
  return prettyLine(new Date(at).toISOString(), level, sentence, named, isColoured);
}
