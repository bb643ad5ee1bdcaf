/**
 * A proposal as PANIC publishes it, from every form in which servers send one. Pure. Promise: exactly the ten
 * keys the consumer takes, each in a form that does not make it drop the whole message.
 */
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type WireObject,
  type WireValue,
} from '@vedette/contract';
import { fieldAt } from '../shared/reply.js';
import { wireTime } from './proposal-times.js';

export interface Proposal {
  readonly wire: WireObject;
  readonly status: string;
}

const STATUS = ['unspecified', 'deposit_period', 'voting_period', 'passed', 'rejected', 'failed'];
/** As SDK 0.39 spells them; PANIC takes these two for invalid and misses every vote of such a chain. */
const OLD_SPELLING: Readonly<Record<string, string>> = {
  depositperiod: 'deposit_period',
  votingperiod: 'voting_period',
};
/** Nothing about such a proposal changes any more. */
const CONCLUDED = new Set(['passed', 'rejected', 'failed']);
const TALLY = ['yes', 'abstain', 'no', 'no_with_veto'];
const NUMERIC = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

export function isConcluded({ status }: Proposal): boolean {
  return CONCLUDED.has(status);
}

/** Null for what is no proposal, or has an id no consumer could use: the others must not be lost for it. */
export function readProposal(value: JsonValue): Proposal | null {
  if (!isJsonObject(value)) return null;
  const id = value['proposal_id'] ?? value['id'] ?? null;
  if (!isIdLike(id)) return null;
  const status = statusOf(value['status'] ?? value['proposal_status']);
  const [title, description] = textsOf(value, String(id));
  return {
    status,
    wire: {
      proposal_id: id,
      title,
      description,
      status,
      final_tally_result: tallyOf(value['final_tally_result']),
      submit_time: wireTime(value['submit_time']),
      deposit_end_time: wireTime(value['deposit_end_time']),
      total_deposit: depositOf(value['total_deposit']),
      voting_start_time: wireTime(value['voting_start_time']),
      voting_end_time: wireTime(value['voting_end_time']),
    },
  };
}

function isIdLike(id: JsonValue): id is string | number {
  return typeof id === 'string' ? /^\d{1,20}$/.test(id) : typeof id === 'number' && Number.isSafeInteger(id);
}

export function statusOf(status: JsonValue | undefined): string {
  if (typeof status === 'number') return STATUS[status] ?? 'invalid';
  if (typeof status !== 'string') return 'invalid';
  const name = status.toLowerCase().replace(/^proposal_status_/, '');
  return STATUS.includes(name) ? name : (OLD_SPELLING[name] ?? 'invalid');
}

/**
 * Title and description: of the content, with or without `value` (up to gov v1beta1); of the proposal itself
 * (gov v1 from SDK 0.47 on); of the content inside the first message, or of its metadata (SDK 0.46).
 */
function textsOf(proposal: JsonObject, id: string): readonly [title: string, description: string] {
  const content = proposal['content'];
  const messages = proposal['messages'];
  const candidates = [
    fieldAt(content, 'value'),
    content,
    { title: proposal['title'] ?? '', description: proposal['summary'] ?? '' },
    ...(Array.isArray(messages) ? [fieldAt(messages[0], 'content')] : []),
    metadataOf(proposal['metadata']),
  ];
  const first = (...keys: string[]): string | null => {
    for (const candidate of candidates) {
      for (const key of keys) {
        const text = fieldAt(candidate, key);
        if (typeof text === 'string' && text !== '') return text;
      }
    }
    return null;
  };
  return [first('title') ?? `Proposal ${id}`, first('description', 'summary', 'details') ?? ''];
}

/** Often JSON with `title` and `summary`, often an IPFS address. */
function metadataOf(metadata: JsonValue | undefined): JsonValue | undefined {
  if (typeof metadata !== 'string' || !metadata.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(metadata) as JsonValue;
  } catch {
    return undefined;
  }
}

/** gov v1 appends `_count` to each name. */
function tallyOf(tally: JsonValue | undefined): WireObject {
  return Object.fromEntries(
    TALLY.map((name) => [name, numericOf(fieldAt(tally, name) ?? fieldAt(tally, `${name}_count`))]),
  );
}

function numericOf(value: JsonValue | undefined): WireValue {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMERIC.test(value) ? value : null;
}

function depositOf(deposit: JsonValue | undefined): WireValue {
  if (!Array.isArray(deposit)) return [];
  return deposit.filter(isJsonObject).flatMap(({ denom, amount }) => {
    const number = numericOf(amount);
    return typeof denom === 'string' && number !== null ? [{ denom, amount: number }] : [];
  });
}
