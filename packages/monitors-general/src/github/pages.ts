/**
 * Asks GitHub for releases: the first page, and more only when nothing on it is known. Promise: at most five
 * requests, all within one budget, and a token goes over https or to this machine only.
 */
import { isJsonObject, maskUrl, VedetteError } from '@vedette/contract';
import { fetchJson, headerOf, type JsonPage } from '@vedette/monitor';
import { limitedUntil } from '../repositories/rate-limit.js';
import { PAGE_SIZE, releasesOf, type Release } from './releases.js';
import type { GithubSettings } from './settings.js';
import type { GithubMemory } from './memory.js';

export interface GithubTimeouts {
  /** For all pages together. */
  readonly budgetMs: number;
  readonly pageMs: number;
}

export interface Found {
  /** Null: nothing changed since the last answer. */
  readonly releases: readonly Release[] | null;
  /** All there are. */
  readonly isWhole: boolean;
  readonly etag: string | null;
  readonly limitedUntil: number | null;
  readonly remaining: number | null;
}

/** Refused, with what GitHub says about its limit beside the error. */
export class Limited extends Error {
  constructor(
    readonly untilMs: number,
    override readonly cause: unknown,
  ) {
    super('limited');
  }
}

const MAX_PAGES = 5;
/** A page of 30 is some 100 KB; release notes and assets make up to 2 MB of it. */
const MAX_BYTES = 4 * 1024 * 1024;

export function releasesUrl({ urlTemplate, repo }: GithubSettings): string {
  const path = repo.split('/').map(encodeURIComponent).join('/');
  return urlTemplate.replace('{}', () => `${path}/`);
}

export async function findReleases(
  settings: GithubSettings,
  memory: GithubMemory,
  ask: { readonly timeouts: GithubTimeouts; readonly signal: AbortSignal; readonly nowMs: number },
): Promise<Found> {
  const endMs = performance.now() + ask.timeouts.budgetMs;
  const get = async (url: string, etag: string | null): Promise<JsonPage> => {
    const page = await fetchJson({
      url,
      headers: headersFor(url, settings.token, etag),
      timeoutMs: Math.max(1, Math.min(ask.timeouts.pageMs, Math.floor(endMs - performance.now()))),
      maxBytes: MAX_BYTES,
      isCompressed: true,
      // An hour passes between rounds.
      isKeptAlive: false,
      signal: ask.signal,
    });
    refuse(page, url, ask.nowMs);
    return page;
  };
  const url = releasesUrl(settings);
  const first = await get(url, memory.etag);
  const limit = { limitedUntil: limitedUntil(first, ask.nowMs), remaining: remainingOf(first) };
  const etag = headerOf(first, 'etag') ?? null;
  if (first.status === 304) return { releases: null, isWhole: false, etag: memory.etag, ...limit };
  const releases = releasesOf(first.value ?? null, maskUrl(url));
  let next = nextOf(first, url);
  const known = new Set(memory.told?.releases.map(({ id }) => id));
  for (let pages = 1; pages < MAX_PAGES && next !== null; pages += 1) {
    if (known.size === 0 || releases.some(({ id }) => known.has(id))) break;
    const page = await get(next, null);
    releases.push(...releasesOf(page.value ?? null, maskUrl(url)));
    next = nextOf(page, url);
  }
  return { releases, isWhole: next === null && releases.length < PAGE_SIZE, etag, ...limit };
}

function headersFor(url: string, token: string, etag: string | null): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/vnd.github+json' };
  if (etag !== null) headers['if-none-match'] = etag;
  if (token !== '' && /^(https:|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/i.test(url)) {
    headers['authorization'] = `Bearer ${token}`;
  }
  return headers;
}

/** Throws for an answer that holds no releases; Limited if GitHub says when to come again. */
function refuse(page: JsonPage, url: string, nowMs: number): void {
  const error = refusalOf(page, url);
  if (error === null) return;
  const untilMs = limitedUntil(page, nowMs);
  throw untilMs === null ? error : new Limited(untilMs, error);
}

function refusalOf({ status, value }: JsonPage, url: string): VedetteError | null {
  if (status === 304) return null;
  const shown = maskUrl(url);
  const text = isJsonObject(value) && 'message' in value ? value['message'] : null;
  if (text !== null) {
    const said = typeof text === 'string' ? text.slice(0, 500) : JSON.stringify(text).slice(0, 500);
    const details = { url: shown, status };
    return new VedetteError('SOURCE_HTTP_STATUS', `Error in API Call: ${said}`, { details });
  }
  if (status === 429) {
    return new VedetteError('SOURCE_HTTP_STATUS', `${shown} answered with HTTP ${status}`, {
      details: { url: shown, status },
    });
  }
  if (value !== undefined) return null;
  return new VedetteError('SOURCE_BAD_BODY', `${shown} did not answer with JSON (HTTP ${status})`, {
    details: { url: shown, status, isJson: false },
  });
}

/** Only a page of the same origin: another could be anybody's, and would get the token. */
function nextOf(page: JsonPage, url: string): string | null {
  const link = headerOf(page, 'link')?.slice(0, 4_000) ?? '';
  const found = /<([^<>]+)>\s*;[^,<>]*\brel="?next"?/.exec(link)?.[1];
  if (found === undefined || !URL.canParse(found, page.url)) return null;
  const next = new URL(found, page.url);
  return next.origin === new URL(url).origin ? next.href : null;
}

function remainingOf(page: JsonPage): number | null {
  const text = headerOf(page, 'x-ratelimit-remaining');
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
