/**
 * Reads all pages of a repository's tags, one after the other: each names the next. Promise: all of them or
 * an error, within the budget, never from another host and never a page twice.
 */
import { maskUrl, VedetteError, type ErrorCode } from '@vedette/contract';
import { fetchJson, type JsonPage } from '@vedette/monitor';
import { limitedUntil } from '../repositories/rate-limit.js';
import type { DockerhubSettings } from './settings.js';
import { tagsOf, type Tag } from './tags.js';

export interface DockerhubTimeouts {
  /** For all pages together. */
  readonly budgetMs: number;
  readonly pageMs: number;
}

export interface AllTags {
  readonly tags: readonly Tag[];
  readonly unreadable: number;
  readonly pages: number;
}

/** Refused, with what Docker Hub says about its limit beside the error. */
export class Limited extends Error {
  constructor(
    readonly untilMs: number,
    override readonly cause: unknown,
  ) {
    super('limited');
  }
}

export const MAX_PAGES = 1_000;
/** A hundred tags are some 300 KB: each lists its images. */
const MAX_BYTES = 4 * 1024 * 1024;
const PAGE_SIZE = '100';

export function tagsUrl({ urlTemplate, namespace, name }: DockerhubSettings): string {
  const path = (text: string): string => text.split('/').map(encodeURIComponent).join('/');
  return urlTemplate.replace('{}', () => path(namespace)).replace('{}', () => path(name));
}

export async function readAllTags(
  settings: DockerhubSettings,
  ask: {
    readonly timeouts: DockerhubTimeouts;
    readonly signal: AbortSignal;
    readonly nowMs: number;
    readonly onPage: () => void;
  },
): Promise<AllTags> {
  const first = tagsUrl(settings);
  const shown = maskUrl(first);
  const endMs = performance.now() + ask.timeouts.budgetMs;
  const seen = new Set<string>();
  const tags: Tag[] = [];
  let unreadable = 0;
  for (let url: string | null = withPageSize(first); url !== null;) {
    seen.add(url);
    const restMs = Math.floor(endMs - performance.now());
    if (seen.size > MAX_PAGES || restMs < 1) {
      throw problem(
        'SOURCE_TIMEOUT',
        shown,
        `has more pages than can be read in time (${seen.size - 1} were)`,
      );
    }
    const page: JsonPage = await fetchJson({
      url,
      timeoutMs: Math.min(ask.timeouts.pageMs, restMs),
      maxBytes: MAX_BYTES,
      signal: ask.signal,
    });
    refuse(page, shown, ask.nowMs);
    const { tags: found, unreadable: lost, next, count } = tagsOf(page.value ?? null, shown);
    if (seen.size === 1 && count === 0) throw problem('SOURCE_BAD_BODY', shown, EMPTY);
    tags.push(...found);
    unreadable += lost;
    url = next === null ? null : follow(next, url, shown);
    if (url !== null && seen.has(url)) throw problem('SOURCE_REDIRECT_REFUSED', shown, 'pages in a circle');
    ask.onPage();
  }
  if (tags.length === 0) throw problem('SOURCE_BAD_BODY', shown, EMPTY);
  return { tags, unreadable, pages: seen.size };
}

const EMPTY = 'came back without tags: the repository probably does not exist';

/** Left as it is where the template says a size itself. */
function withPageSize(text: string): string {
  if (!URL.canParse(text) || /[?&]page_size=/.test(text)) return text;
  return `${text}${text.includes('?') ? '&' : '?'}page_size=${PAGE_SIZE}`;
}

function follow(next: string, from: string, shown: string): string {
  const url = URL.canParse(next, from) ? new URL(next, from) : null;
  if (url !== null && url.origin === new URL(from).origin) return url.href;
  throw problem('SOURCE_REDIRECT_REFUSED', shown, 'continues on another host');
}

/** Throws for an answer that holds no tags; Limited if Docker Hub says when to come again. */
function refuse(page: JsonPage, shown: string, nowMs: number): void {
  const { status, value } = page;
  if (status >= 200 && status <= 299 && value !== undefined) return;
  const isPlain = value === undefined && status !== 404 && status !== 429;
  const details = { url: shown, status, ...(isPlain ? { isJson: false } : {}) };
  const text = status === 404 ? EMPTY : isPlain ? 'did not answer with JSON' : 'refused';
  const error = new VedetteError(
    isPlain ? 'SOURCE_BAD_BODY' : 'SOURCE_HTTP_STATUS',
    `${shown} ${text} (HTTP ${status})`,
    { details },
  );
  const untilMs = limitedUntil(page, nowMs);
  throw untilMs === null ? error : new Limited(untilMs, error);
}

function problem(code: ErrorCode, shown: string, what: string): VedetteError {
  return new VedetteError(code, `${shown} ${what}`, { details: { url: shown } });
}
