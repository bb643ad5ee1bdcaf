/** The calls and events of price feeds, and what their answers say. Promise: an answer that does not fit is coded. */
import { describeValue, VedetteError, type JsonValue } from '@vedette/contract';
import type { RpcAnswer, RpcCall } from '@vedette/monitor';
import { Interface, type Result } from 'ethers/abi';
import { getAddress } from 'ethers/address';
import type { RoundData } from './rounds.js';

const INTERFACE = new Interface([
  'function aggregator() view returns (address)',
  'function description() view returns (string)',
  'function getOracles() view returns (address[])',
  'function transmitters() view returns (address[])',
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
  'function getRoundData(uint80) view returns (uint80, int256, uint256, uint256, uint80)',
  'function withdrawablePayment(address) view returns (uint256)',
  'function owedPayment(address) view returns (uint256)',
  'event SubmissionReceived(int256 indexed submission, uint32 indexed round, address indexed oracle)',
  'event NewTransmission(uint32 indexed aggregatorRoundId, int192 answer, address transmitter, int192[] observations, bytes observers, bytes32 rawReportContext)',
]);

export type View =
  | 'aggregator'
  | 'description'
  | 'getOracles'
  | 'transmitters'
  | 'latestRoundData'
  | 'getRoundData'
  | 'withdrawablePayment'
  | 'owedPayment';

export type FeedEvent = 'SubmissionReceived' | 'NewTransmission';

export function viewCall(to: string, view: View, args: readonly (string | bigint)[] = []): RpcCall {
  const data = INTERFACE.encodeFunctionData(view, args);
  return { method: 'eth_call', params: [{ to, data }, 'latest'] };
}

/** Both ends inclusive. `oracles`: only their events; for version 3, which has them indexed. */
export function logsCall(
  address: string,
  event: FeedEvent,
  blocks: { readonly from: number; readonly to: number },
  oracles?: readonly string[],
): RpcCall {
  const topics: JsonValue[] = [INTERFACE.getEvent(event)?.topicHash ?? ''];
  if (oracles !== undefined)
    topics.push(
      null,
      null,
      oracles.map((oracle) => `0x${oracle.slice(2).toLowerCase().padStart(64, '0')}`),
    );
  const filter = { address, fromBlock: hexOf(blocks.from), toBlock: hexOf(blocks.to), topics };
  return { method: 'eth_getLogs', params: [filter] };
}

/** The values of a view; throws the answer's own error, or SOURCE_BAD_BODY. */
export function valuesOf(view: View, answer: RpcAnswer | undefined): Result {
  const hex = resultOf(answer);
  try {
    if (typeof hex !== 'string') throw new TypeError('no text');
    return INTERFACE.decodeFunctionResult(view, hex);
  } catch {
    throw new VedetteError('SOURCE_BAD_BODY', `${view} gave ${describeValue(hex)}, which cannot be decoded`);
  }
}

export function addressesOf(view: 'getOracles' | 'transmitters', answer: RpcAnswer | undefined): string[] {
  return [...(valuesOf(view, answer)[0] as Iterable<string>)];
}

/** Throws the answer's own error, or SOURCE_BAD_BODY. */
export function roundOf(view: 'latestRoundData' | 'getRoundData', answer: RpcAnswer | undefined): RoundData {
  const [roundId, value, , updatedAt, answeredInRound] = valuesOf(view, answer) as unknown as bigint[];
  return {
    roundId: roundId as bigint,
    answer: value as bigint,
    updatedAt: updatedAt as bigint,
    answeredInRound: answeredInRound as bigint,
  };
}

export interface LogEntry {
  readonly block: number;
  readonly index: number;
  readonly args: Result;
}

/** Events oldest first; those a reorganisation removed are left out. */
export function eventsOf(event: FeedEvent, answer: RpcAnswer | undefined): LogEntry[] {
  const logs = resultOf(answer);
  if (!Array.isArray(logs))
    throw new VedetteError('SOURCE_BAD_BODY', `eth_getLogs gave ${describeValue(logs)}`);
  return logs
    .filter((log) => (log as { removed?: boolean } | null)?.removed !== true)
    .map((log) => entryOf(event, log))
    .sort((one, other) => one.block - other.block || one.index - other.index);
}

export function resultOf(answer: RpcAnswer | undefined): JsonValue {
  if (answer === undefined) throw new VedetteError('SOURCE_BAD_BODY', 'there is no answer');
  if ('error' in answer) throw answer.error;
  return answer.result;
}

/** A whole number out of hex text; a plain number is taken too. Null for all else. */
export function quantityOf(value: JsonValue | undefined): number | null {
  const number = typeof value === 'string' && /^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** With its checksum; null for what is no address. */
export function addressOf(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' || value.length > 100) return null;
  try {
    // Lower case first: a wrong checksum is somebody's typing, the digits are what counts.
    return getAddress(value.trim().toLowerCase());
  } catch {
    return null;
  }
}

function entryOf(event: FeedEvent, log: JsonValue): LogEntry {
  const { blockNumber, logIndex, topics, data } = (log ?? {}) as Record<string, JsonValue>;
  const block = quantityOf(blockNumber);
  const index = quantityOf(logIndex);
  const fragment = INTERFACE.getEvent(event);
  try {
    if (block === null || index === null || fragment === null || typeof data !== 'string')
      throw new TypeError();
    return { block, index, args: INTERFACE.decodeEventLog(fragment, data, topics as string[]) };
  } catch {
    throw new VedetteError('SOURCE_BAD_BODY', `eth_getLogs gave a ${event} that cannot be decoded`);
  }
}

function hexOf(number: number): string {
  return `0x${number.toString(16)}`;
}
