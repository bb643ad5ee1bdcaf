/** Which monitors `vedette top` shows and in which order. Pure. */
import { badness } from '@vedette/operator/worst-first';
import type { Monitor } from './fleet.js';

export const SORTS = [
  'worst',
  'name',
  'kind',
  'state',
  'health',
  'host',
  'restarts',
  'last round',
  'duration',
] as const;
export type Sort = (typeof SORTS)[number];

/** Those that hold `text` in id, name, kind, chain, state, health or host; letter case does not count. */
export function chosen(
  monitors: Iterable<Monitor>,
  { text, sort, isReversed }: { readonly text: string; readonly sort: Sort; readonly isReversed: boolean },
): Monitor[] {
  const wanted = text.toLowerCase();
  const found = [...monitors].filter((one) => wanted === '' || isMatch(one, wanted));
  const direction = isReversed ? -1 : 1;
  return found
    .map((one) => ({ one, key: keyOf(one, sort) }))
    .sort((a, b) => direction * compared(a.key, b.key) || compared(a.one.id, b.one.id))
    .map(({ one }) => one);
}

function isMatch({ id, name, kind, chain, state, health, host }: Monitor, wanted: string): boolean {
  return [id, name, kind, chain, state, health, host ?? ''].some((field) =>
    field.toLowerCase().includes(wanted),
  );
}

/** What people look for comes first: most restarts, longest rounds, oldest last round. */
function keyOf(one: Monitor, sort: Sort): string | number {
  switch (sort) {
    case 'worst':
      return badness(one);
    case 'restarts':
      return -one.restarts;
    case 'last round':
      return one.lastRound?.at ?? 0;
    case 'duration':
      return -(one.lastRound?.durationMs ?? 0);
    case 'host':
      return one.host ?? '';
    case 'name':
    case 'kind':
    case 'state':
    case 'health':
      return one[sort];
  }
}

function compared(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
