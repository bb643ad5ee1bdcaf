/** What blocks, block results and validator sets say about one validator. Pure; all generations of the RPC. */
import { isJsonObject, type JsonObject, type JsonValue } from '@vedette/contract';
import { fieldAt, ReplyFault, requireField, wholeNumber } from '../shared/reply.js';
import { bech32ToHex } from './bech32.js';

/** What a block says. */
export interface BlockReading {
  readonly height: number;
  /** Hash of the validator set of this height; null where the source hides it. */
  readonly validatorsHash: string | null;
  /** Whether the validator signed the block before this one. */
  readonly isPreviousSigned: boolean;
}

/** Result of `/block`. `address` is upper-case hex. */
export function readBlock(result: JsonObject, address: string): BlockReading {
  const header = requireField(result, 'block', 'header');
  const height = wholeNumber(requireField(header, 'height'));
  if (height === null || height < 1) throw new ReplyFault('incompatible', 'block.header.height is no height');
  const hash = fieldAt(header, 'validators_hash');
  // Null in the first block of a chain.
  const commit = requireField(result, 'block', 'last_commit');
  const signatures = commit === null ? [] : listOf(requireField(commit, 'signatures'), 'signatures');
  return {
    height,
    validatorsHash: typeof hash === 'string' && hash !== '' ? hash : null,
    isPreviousSigned: signatures.some(
      (entry) =>
        isJsonObject(entry) && isTruthy(entry['signature']) && isAddress(entry['validator_address'], address),
    ),
  };
}

/** Addresses of one page of `/validators`, and how many there are in all. */
export function readValidators(result: JsonObject): {
  readonly addresses: readonly string[];
  readonly total: number;
} {
  const list = listOf(requireField(result, 'validators'), 'validators');
  const addresses = list
    .map((validator) => fieldAt(validator, 'address'))
    .filter((address) => typeof address === 'string')
    .map((address) => address.toUpperCase());
  return { addresses, total: wholeNumber(result['total']) ?? list.length };
}

export interface SlashReading {
  readonly isSlashed: boolean;
  /** Null where no event of the validator says what was burned. */
  readonly amount: bigint | null;
}

/**
 * Result of `/block_results`. Events stand in `begin_block_events` up to CometBFT 0.37 and in
 * `finalize_block_events` from 0.38 on; texts are base64 up to 0.34 and plain from 0.37 on.
 */
export function readSlashes(result: JsonObject, address: string): SlashReading {
  const lists = EVENT_LISTS.filter((name) => Object.hasOwn(result, name));
  if (lists.length === 0)
    throw new ReplyFault('incompatible', 'the block results hold no events of the block');
  const events = lists.flatMap((name) => listOf(result[name] ?? null, name));
  let isSlashed = false;
  let amount: bigint | null = null;
  for (const event of events) {
    const type = fieldAt(event, 'type');
    if (typeof type !== 'string' || type.toLowerCase() !== 'slash') continue;
    const slash = readSlash(listOf(fieldAt(event, 'attributes') ?? null, 'attributes'), address);
    if (!slash.isSlashed) continue;
    isSlashed = true;
    if (slash.amount !== null) amount = (amount ?? 0n) + slash.amount;
  }
  return { isSlashed, amount };
}

export const EVENT_LISTS = ['begin_block_events', 'finalize_block_events'] as const;
/** Keys of a slash event: one of these in plain text is not taken for base64. */
const SLASH_KEYS = new Set(['address', 'power', 'reason', 'jailed', 'burned_coins']);

function readSlash(attributes: readonly JsonValue[], address: string): SlashReading {
  let isSlashed = false;
  let amount: bigint | null = null;
  for (const attribute of attributes) {
    const [key, value] = textsOf(attribute);
    if (key === 'address' && bech32ToHex(value) === address) isSlashed = true;
    if (key === 'burned_coins') amount = (amount ?? 0n) + (coinsOf(value) ?? 0n);
  }
  return { isSlashed, amount: isSlashed ? amount : null };
}

/** Key in lower case and value, decoded where they are base64; empty where one of them is missing. */
function textsOf(attribute: JsonValue): readonly [key: string, value: string] {
  const key = fieldAt(attribute, 'key');
  const value = fieldAt(attribute, 'value');
  if (typeof key !== 'string' || typeof value !== 'string' || key === '' || value === '') return ['', ''];
  if (SLASH_KEYS.has(key.toLowerCase())) return [key.toLowerCase(), value];
  const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
  return [decode(key).toLowerCase(), decode(value)];
}

/** `2500`, or `2500uatom` as some chains write it; amounts of 18 decimals are beyond what a number holds. */
function coinsOf(value: string): bigint | null {
  const digits = /^\s*(\d{1,60})/.exec(value)?.[1];
  return digits === undefined ? null : BigInt(digits);
}

function listOf(value: JsonValue, what: string): readonly JsonValue[] {
  // Go writes an empty list as null.
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw new ReplyFault('incompatible', `${what} is no list`);
}

function isTruthy(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

function isAddress(value: JsonValue | undefined, address: string): boolean {
  return typeof value === 'string' && value.toUpperCase() === address;
}
