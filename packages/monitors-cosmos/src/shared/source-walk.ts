/**
 * Which data source is asked, in which order (panic-monitors-contract 4.4). Promise: no source is asked twice,
 * and what does not answer in its share of the time is passed over.
 */
import { sourceFamilyOf } from '@vedette/monitor';
import { ReplyFault } from './reply.js';

/** Something one source did wrong, and whether it is the watched node itself, asked about itself. */
export class SourceError extends Error {
  constructor(
    readonly url: string,
    readonly isDirect: boolean,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : 'the source failed');
    this.name = 'SourceError';
  }
}

/** No source could be reached, or all are syncing. */
export class NoSyncedSource extends Error {
  constructor() {
    super('no synced source');
    this.name = 'NoSyncedSource';
  }
}

export interface Source {
  readonly url: string;
  /** Never preferred for having answered last: it is asked when nobody else will do. */
  readonly isLastResort: boolean;
}

/** `behind`: usable, but only if no other source is. */
export type Verdict = 'usable' | 'behind' | 'unusable';

/** The source that served last, then the others as configured; the same URL twice is one source. */
export function inOrder<S extends Source>(sources: readonly S[], lastUrl: string | null): S[] {
  const last = sources.find(({ url, isLastResort }) => url === lastUrl && !isLastResort);
  const order = last === undefined ? sources : [last, ...sources];
  return order.filter(({ url }, index) => order.findIndex((one) => one.url === url) === index);
}

export interface WalkParts<S extends Source, T> {
  readonly sources: readonly S[];
  /** Longest wait for one verdict. */
  readonly probeMs: number;
  /** For all verdicts together. */
  readonly budgetMs: number;
  readonly probe: (source: S, timeoutMs: number) => Promise<Verdict>;
  readonly retrieve: (source: S) => Promise<T>;
}

/**
 * What the first synced source says. One that fails half way is left for the next; if none serves, the first
 * such failure is thrown as {@link SourceError}, or {@link NoSyncedSource} where nobody came so far.
 */
export async function firstThatServes<S extends Source, T>(
  parts: WalkParts<S, T>,
): Promise<{ source: S; answer: T }> {
  const { sources, probe, retrieve } = parts;
  const behind: S[] = [];
  let leftMs = parts.budgetMs;
  let failure: SourceError | null = null;
  const tryOne = async (source: S): Promise<{ source: S; answer: T } | null> => {
    try {
      return { source, answer: await retrieve(source) };
    } catch (error) {
      if (!isSourceFault(error)) throw error;
      failure ??= new SourceError(source.url, false, error);
      return null;
    }
  };
  for (const [index, source] of sources.entries()) {
    const begunMs = performance.now();
    const shareMs = Math.max(1, Math.min(parts.probeMs, Math.floor(leftMs / (sources.length - index))));
    const verdict = await probe(source, shareMs).catch((error: unknown): Verdict => {
      if (!isSourceFault(error)) throw error;
      return 'unusable';
    });
    leftMs -= performance.now() - begunMs;
    if (verdict === 'behind') behind.push(source);
    if (verdict !== 'usable') continue;
    const served = await tryOne(source);
    if (served !== null) return served;
  }
  for (const source of behind) {
    const served = await tryOne(source);
    if (served !== null) return served;
  }
  throw (failure as SourceError | null) ?? new NoSyncedSource();
}

/** Failures of a source, as opposed to an abort or a defect. */
export function isSourceFault(error: unknown): boolean {
  return error instanceof ReplyFault || sourceFamilyOf(error) !== null;
}
