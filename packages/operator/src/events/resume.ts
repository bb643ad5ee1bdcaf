/** Where a client goes on in the stream of events. Pure. */

export type Resume =
  /** Send from this number on. */
  | { readonly from: number; readonly reset: null }
  /** What came between is not known: the client has to look at everything anew. */
  | { readonly from: number; readonly reset: 'restarted' | 'forgotten' | 'unknown' };

export interface Position {
  readonly life: string;
  readonly first: number;
  readonly last: number;
}

/** `lastId`: as the client got it, `LIFE-NUMBER`; null if it got none yet. */
export function resumeAt(lastId: string | null, { life, first, last }: Position): Resume {
  const now = { from: last + 1 };
  if (lastId === null) return { ...now, reset: null };
  const [, of, digits] = /^([a-z0-9]{1,40})-(\d{1,15})$/.exec(lastId) ?? [];
  if (of === undefined) return { ...now, reset: 'unknown' };
  if (of !== life) return { ...now, reset: 'restarted' };
  const next = Number(digits) + 1;
  if (next > last + 1) return { ...now, reset: 'unknown' };
  return next < first ? { ...now, reset: 'forgotten' } : { from: next, reset: null };
}
