/** Plays one round of a monitor in this thread, as the run loop would. Promise: it ends by its deadline. */
import { STRATEGIES } from '@vedette/cli/kinds';
import { wireJson, type JsonValue, type LogFields, type LogLevel } from '@vedette/contract';
import type { MonitorDefinition, MonitorIdentity, RoundResult } from '@vedette/monitor';

export interface RoundOptions<S> {
  readonly settings: S;
  readonly monitor: MonitorIdentity;
  readonly state?: JsonValue;
  /** What `context.now()` gives, epoch milliseconds. Default 1700000000123.456. */
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
  /** Longest wait for the round. Default 8,000. */
  readonly deadlineMs?: number;
}

export interface PlayedRound {
  readonly result: RoundResult;
  /** Bodies as they go on the wire. */
  readonly texts: readonly string[];
  readonly logs: readonly { level: LogLevel; sentence: string; fields: LogFields }[];
}

export async function playRound<S>(
  definition: MonitorDefinition<S>,
  options: RoundOptions<S>,
): Promise<PlayedRound> {
  const { settings, monitor, state = null, nowMs = 1_700_000_000_123.456, deadlineMs = 8_000 } = options;
  const logs: { level: LogLevel; sentence: string; fields: LogFields }[] = [];
  const context = {
    monitor,
    settings,
    signal: options.signal ?? new AbortController().signal,
    now: () => nowMs,
    log: (level: LogLevel, sentence: string, fields: LogFields = {}) => {
      logs.push({ level, sentence, fields });
    },
    step: () => undefined,
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the round did not end within ${deadlineMs} ms`));
    }, deadlineMs);
  });
  try {
    const result = await Promise.race([Promise.resolve(definition.round(context, state)), late]);
    checkFacts(monitor.kind, result);
    return { result, texts: result.messages.map((message) => wireJson(message.body)), logs };
  } finally {
    clearTimeout(timer);
  }
}

/** What a built-in kind observes and does not declare would be a gauge nobody knows. */
function checkFacts(kind: string, { facts = {} }: RoundResult): void {
  const docs = STRATEGIES.find((strategy) => strategy.kind === kind)?.docs;
  if (docs === undefined) return;
  const unknown = Object.keys(facts).filter((fact) => !Object.hasOwn(docs.facts, fact));
  if (unknown.length > 0) throw new Error(`docs.ts of ${kind} declares no fact ${unknown.join(', ')}`);
}

/** A monitor's identity as its strategy would give it. */
export function identity(
  kind: string,
  name: string,
  componentName: string,
  configId: string,
): MonitorIdentity {
  return {
    id: `${kind}:${configId}`,
    kind,
    name,
    componentName,
    configId,
    parentId: 'chain_1',
    baseChain: 'chainlink',
    subChain: 'testnet',
  };
}
