/** Who voted on a referendum, and whether it is passing. Pure arithmetic follows the runtime's. */
import type { JsonObject, JsonValue } from '@vedette/contract';

/** One account's `democracy.votingOf`, as JSON. */
export interface Voting {
  readonly accountId: string;
  readonly value: JsonObject;
}

export interface Vote {
  readonly accountId: string;
  readonly isDelegating: boolean;
  /** `0x` and one byte: bit 7 aye, below it the conviction. */
  readonly vote: string;
  readonly balance: JsonValue;
}

const AYE = 0x80;
/** In the runtime's order. */
const CONVICTIONS = ['none', 'locked1x', 'locked2x', 'locked3x', 'locked4x', 'locked5x', 'locked6x'];

export function isAye({ vote }: Vote): boolean {
  return (Number.parseInt(vote, 16) & AYE) !== 0;
}

/** Direct votes, then those of accounts that delegate to a voter. Split votes are passed over, as the SDK does. */
export function votesOn(index: number, votings: readonly Voting[]): Vote[] {
  const votes = votings.flatMap(({ accountId, value }) => directVotes(index, accountId, value['direct']));
  const delegations = votings.flatMap(({ accountId, value }) => {
    const delegating = value['delegating'];
    return isObject(delegating) ? [{ accountId, delegating }] : [];
  });
  const byAccount = new Map(votes.map((vote) => [vote.accountId, vote]));
  for (const { accountId, delegating } of delegations) {
    const { target, conviction: word } = delegating;
    const followed = typeof target === 'string' ? byAccount.get(target) : undefined;
    if (followed === undefined) continue;
    const conviction = Math.max(0, typeof word === 'string' ? CONVICTIONS.indexOf(word.toLowerCase()) : 0);
    const vote = hexByte((isAye(followed) ? AYE : 0) | conviction);
    const own = { accountId, isDelegating: true, vote, balance: delegating['balance'] ?? 0 };
    votes.push(own);
    byAccount.set(accountId, own);
  }
  return votes;
}

function directVotes(index: number, accountId: string, direct: JsonValue | undefined): Vote[] {
  const list = isObject(direct) ? direct['votes'] : null;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const [referendum, cast] = Array.isArray(item) ? item : [];
    const standard = isObject(cast) ? cast['standard'] : null;
    if (referendum !== index || !isObject(standard)) return [];
    const { vote, balance = 0 } = standard;
    return typeof vote === 'string' ? [{ accountId, isDelegating: false, vote, balance }] : [];
  });
}

export interface Tally {
  readonly ayes: bigint;
  readonly nays: bigint;
  readonly turnout: bigint;
}

/** `electorate`: all there is of the currency. */
export function isPassing(threshold: string, { ayes, nays, turnout }: Tally, electorate: bigint): boolean {
  const rule = threshold.toLowerCase();
  if (rule === 'simplemajority') return ayes > nays;
  const voters = squareRoot(turnout);
  const all = squareRoot(electorate);
  if (voters === 0n || all === 0n) return false;
  return rule === 'supermajorityapprove' || rule === 'supermajorityapproval'
    ? nays * all < ayes * voters
    : nays * voters < ayes * all;
}

export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  // A double has 53 bits: correct what it lost.
  while (root * root > value) root -= 1n;
  while ((root + 1n) * (root + 1n) <= value) root += 1n;
  return root;
}

function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
