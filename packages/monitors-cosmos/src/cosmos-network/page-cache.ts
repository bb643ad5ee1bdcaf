/**
 * Pages of proposals of which nothing can change: full, and all of it concluded. Promise: bounded, and losing it
 * costs requests, never a proposal. It is no round state: that would be written to disk at each round.
 */
import type { Proposal } from './proposals.js';

/** From the first page on, without a gap. */
export interface ClosedPages {
  /** Of which source and route; pages of another are not continued. */
  readonly origin: string;
  readonly proposals: readonly Proposal[];
  /** Where the first page that is not closed begins. */
  readonly nextKey: string;
}

/** Text of the proposals of one chain, in characters; a thread's heap is small. */
const MAX_TEXT = 6 * 1024 * 1024;
const MAX_CHAINS = 50;

export class PageCache {
  readonly #byMonitor = new Map<string, ClosedPages>();

  get(monitorId: string, origin: string): ClosedPages | null {
    const pages = this.#byMonitor.get(monitorId);
    return pages?.origin === origin ? pages : null;
  }

  /** What is too much is not kept: it is read again each time. */
  put(monitorId: string, pages: ClosedPages): void {
    this.#byMonitor.delete(monitorId);
    if (sizeOf(pages.proposals) > MAX_TEXT) return;
    this.#byMonitor.set(monitorId, pages);
    const oldest = this.#byMonitor.keys().next().value;
    if (this.#byMonitor.size > MAX_CHAINS && oldest !== undefined) this.#byMonitor.delete(oldest);
  }

  forget(monitorId: string): void {
    this.#byMonitor.delete(monitorId);
  }
}

function sizeOf(proposals: readonly Proposal[]): number {
  let size = 0;
  for (const { wire } of proposals) {
    const texts = [wire['title'], wire['description']].filter((text) => typeof text === 'string');
    size += texts.reduce((sum, text) => sum + text.length, 500);
  }
  return size;
}
