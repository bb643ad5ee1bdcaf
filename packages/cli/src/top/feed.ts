/**
 * Keeps `vedette top` up to date: lists are read now and then, events in between. Promise: a manager that goes away
 * is tried again until it is back, and what is on the screen says so meanwhile.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CommandFailure } from '../exit-codes.js';
import type { ApiClient } from '../remote/api-client.js';
import type { StatusShown } from '../remote/status.js';
import { detailText, type MonitorDetail } from './detail.js';
import { EVENTS, hear, RELOADING, type Monitor } from './fleet.js';

const PAGE = 1_000;
const MOST_PAGES = 20;
/** A list costs the manager in proportion to its monitors; so does this. */
const RELOAD_MS = { atLeast: 2_000, perMonitor: 2 };
const STATUS_MS = 2_000;
const RETRY_MS = 1_000;

export class Feed {
  readonly monitors = new Map<string, Monitor>();
  status: StatusShown | null = null;
  /** Why the manager does not answer; null while it does. */
  problem: string | null = null;
  readonly #api: ApiClient;
  readonly #signal: AbortSignal;
  readonly #onChange: () => void;
  #isStale = false;

  constructor(api: ApiClient, signal: AbortSignal, onChange: () => void) {
    this.#api = api;
    this.#signal = signal;
    this.#onChange = onChange;
  }

  /** The first look. Rejects with a CommandFailure. */
  async load(): Promise<void> {
    this.status = await this.#api.get<StatusShown>('/api/v1/status');
    await this.#loadMonitors();
  }

  /** Goes on until the signal; never rejects. */
  async follow(): Promise<void> {
    await Promise.all([
      this.#repeat(async () => {
        await this.#listen();
      }, RETRY_MS),
      this.#repeat(async () => {
        this.status = await this.#api.get<StatusShown>('/api/v1/status');
      }, STATUS_MS),
      this.#keepListed(),
    ]);
  }

  /** Lines about one monitor; what went wrong instead of them. */
  async detail(id: string): Promise<readonly string[]> {
    try {
      return detailText(await this.#api.get<MonitorDetail>(`/api/v1/monitors/${encodeURIComponent(id)}`));
    } catch (error) {
      return [id, messageOf(error)];
    }
  }

  async #loadMonitors(): Promise<void> {
    const found = new Map<string, Monitor>();
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = new URLSearchParams({ sort: 'id', limit: String(PAGE) });
      if (cursor !== null) query.set('cursor', cursor);
      const { items, next } = await this.#api.get<{
        readonly items: readonly Monitor[];
        readonly next: string | null;
      }>(`/api/v1/monitors?${query.toString()}`);
      for (const one of items) found.set(one.id, one);
      cursor = next;
      if (next === null) break;
    }
    this.monitors.clear();
    for (const [id, one] of found) this.monitors.set(id, one);
    this.#onChange();
  }

  async #keepListed(): Promise<void> {
    for (;;) {
      const until = Date.now() + Math.max(RELOAD_MS.atLeast, this.monitors.size * RELOAD_MS.perMonitor);
      while (Date.now() < until && !(this.#isStale && this.problem === null)) {
        await pause(Math.min(RETRY_MS, Math.max(1, until - Date.now())), undefined, {
          signal: this.#signal,
        }).catch(() => undefined);
        if (this.#signal.aborted) return;
      }
      this.#isStale = false;
      await this.#tried(() => this.#loadMonitors());
      if (this.#signal.aborted) return;
    }
  }

  async #listen(): Promise<void> {
    const names = [...EVENTS, 'config.applied'].join(',');
    let name = '';
    for await (const line of this.#api.lines(`/api/v1/events?names=${names}`, this.#signal)) {
      if (line.startsWith('event:')) name = line.slice(6).trim();
      if (!line.startsWith('data:')) continue;
      if (RELOADING.some((one) => one === name)) this.#isStale = true;
      else if (hear(this.monitors, name, JSON.parse(line.slice(5)) as Record<string, unknown>))
        this.#onChange();
    }
  }

  async #repeat(work: () => Promise<void>, everyMs: number): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#tried(work);
      await pause(everyMs, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    const before = this.problem;
    try {
      await work();
      this.problem = null;
    } catch (error) {
      this.problem = messageOf(error);
    }
    if (!this.#signal.aborted && (this.problem !== null || before !== null)) this.#onChange();
  }
}

function messageOf(error: unknown): string {
  return error instanceof CommandFailure || error instanceof Error ? error.message : String(error);
}
