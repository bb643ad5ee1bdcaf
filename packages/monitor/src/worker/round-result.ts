/** Checks what a round returned and makes it ready to send, before anything is sent. */
import {
  EXCHANGES,
  VedetteError,
  wireJson,
  type Facts,
  type JsonValue,
  type ReportedError,
  type WireMessage,
} from '@vedette/contract';
import type { RoundResult } from '../define-monitor.js';
import { copyJson } from './plain-json.js';

export interface CheckedResult {
  readonly messages: readonly WireMessage[];
  readonly state: JsonValue;
  readonly facts: Facts;
  readonly reported: ReportedError | null;
}

/** Throws MONITOR_ROUND_FAILED; then the whole round has failed and nothing of it is published. */
export function checkResult(result: RoundResult | undefined): CheckedResult {
  if (typeof result !== 'object' || result === null || !Array.isArray(result.messages)) {
    throw new VedetteError('MONITOR_ROUND_FAILED', 'round() must return { messages: [...] }');
  }
  const messages = (result.messages as RoundResult['messages']).map((message, index) => {
    try {
      const { exchange = EXCHANGES.rawData, routingKey, body } = message;
      return { exchange, routingKey, content: wireJson(body) };
    } catch (cause) {
      throw new VedetteError('MONITOR_ROUND_FAILED', `message ${index} cannot be written as JSON`, { cause });
    }
  });
  return {
    messages,
    state: result.state === undefined ? null : copyJson(result.state),
    facts: finiteFacts(result.facts ?? {}),
    reported: result.reported === undefined ? null : { ...result.reported },
  };
}

/** A gauge without a value is null, whatever arithmetic made of it. */
function finiteFacts(facts: Facts): Facts {
  const entries = Object.entries(facts);
  return Object.fromEntries(entries.map(([name, value]) => [name, Number.isFinite(value) ? value : null]));
}
