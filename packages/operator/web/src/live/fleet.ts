/**
 * All monitors as the page knows them: loaded page by page, worst first, kept up to date by events. Promise: however
 * many events come, views are told at most every {@link TELL_MS}.
 */
import { computed, signal } from '@preact/signals';
import { ApiProblem, getJson } from '../api/client.js';
import type { LiveEvent } from '../api/events.js';
import type { MonitorPage, MonitorRow } from '../api/types.js';
import { applied } from '../model/apply.js';
import { CHAIN_FACTS } from '../model/chains.js';

const TELL_MS = 250;
/** For counts over all of them. */
const CALM_MS = 1_500;
/** Small first: what is worst is seen while the rest comes. */
const FIRST_PAGE = 100;
const PAGE = 1_000;
/** Monitors that nobody told of yet come in numbers when a config is taken. */
const RELOAD_AFTER_MS = 400;

const known = new Map<string, MonitorRow>();
const version = signal(0);
let tellTimer: ReturnType<typeof setTimeout> | null = null;
let calmTimer: ReturnType<typeof setTimeout> | null = null;
let reloadTimer: ReturnType<typeof setTimeout> | null = null;
let loading: AbortController | null = null;

/** Null until the first page has come. */
export const total = signal<number | null>(null);
export const isComplete = signal(false);
export const loadProblem = signal<string | null>(null);
/** A new list each time something changed. */
export const rows = computed<readonly MonitorRow[]>(() => {
  void version.value;
  return [...known.values()];
});

/** The same, changing less often: for what counts through all of them and need not be quick. */
export const calmRows = signal<readonly MonitorRow[]>([]);

export function rowOf(id: string): MonitorRow | undefined {
  void version.value;
  return known.get(id);
}

/** Without being told of changes. */
export function peekRow(id: string): MonitorRow | undefined {
  return known.get(id);
}

export function apply(event: LiveEvent): void {
  if (!('id' in event)) {
    if (event.name === 'config.applied') reloadSoon();
    return;
  }
  if (event.name === 'monitor.removed') {
    if (known.delete(event.id)) tell();
    return;
  }
  const row = known.get(event.id);
  if (row === undefined) {
    reloadSoon();
    return;
  }
  const now = applied(row, event);
  if (now === row) return;
  known.set(event.id, now);
  tell();
}

/** Reads all anew; a load that is still going on is given up. */
export async function load(): Promise<void> {
  loading?.abort();
  const mine = new AbortController();
  loading = mine;
  const seen = new Set<string>();
  const facts = CHAIN_FACTS.join(',');
  try {
    let cursor: string | null = null;
    do {
      const limit = cursor === null ? FIRST_PAGE : PAGE;
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/api/v1/monitors?sort=worst&limit=${limit}&facts=${facts}${more}`;
      const page: MonitorPage = await getJson<MonitorPage>(path, mine.signal);
      for (const row of page.items) {
        seen.add(row.id);
        known.set(row.id, row);
      }
      total.value = page.total;
      cursor = page.next;
      tell(cursor === null || seen.size === FIRST_PAGE);
    } while (cursor !== null);
  } catch (error) {
    if (mine.signal.aborted) return;
    loadProblem.value = error instanceof ApiProblem ? error.message : 'The list of monitors cannot be read';
    // The stream asks for a token, and comes back to load again; all else is tried again.
    if (!(error instanceof ApiProblem && error.isTokenMissing)) setTimeout(reloadSoon, 3_000);
    return;
  }
  // One that moved between two pages of the order `worst` may have been missed: the next load finds it.
  if (seen.size === total.peek()) for (const id of known.keys()) if (!seen.has(id)) known.delete(id);
  if (seen.size < (total.peek() ?? 0)) reloadSoon();
  loadProblem.value = null;
  isComplete.value = true;
  tell(true);
}

function reloadSoon(): void {
  reloadTimer ??= setTimeout(() => {
    reloadTimer = null;
    void load();
  }, RELOAD_AFTER_MS);
}

function tell(isAtOnce = false): void {
  if (isAtOnce) {
    if (tellTimer !== null) clearTimeout(tellTimer);
    tellTimer = null;
    version.value += 1;
    calmRows.value = rows.peek();
  } else {
    tellTimer ??= setTimeout(() => {
      tellTimer = null;
      version.value += 1;
    }, TELL_MS);
    calmTimer ??= setTimeout(() => {
      calmTimer = null;
      calmRows.value = rows.peek();
    }, CALM_MS);
  }
}
