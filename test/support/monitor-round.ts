/** Plays one round of a monitor at an instant that stands still. Promise: what it throws comes out as it was thrown. */
import { STRATEGIES } from '@vedette/cli/kinds';
import type { JsonValue } from '@vedette/contract';
import type { MonitorDefinition, MonitorIdentity, RoundResult } from '@vedette/monitor';
import { MonitorHarness, type CapturedLog } from '@vedette/monitor/testing';

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
  readonly logs: readonly CapturedLog[];
}

export async function playRound<S>(
  definition: MonitorDefinition<S>,
  options: RoundOptions<S>,
): Promise<PlayedRound> {
  const { settings, monitor, state = null, nowMs = 1_700_000_000_123.456, deadlineMs = 8_000 } = options;
  const ended: { result?: RoundResult; thrown?: unknown } = {};
  const watched: MonitorDefinition<S> = {
    async round(context, given) {
      // Goldens hold one instant, however often a monitor looks at the clock.
      const own = { ...context, now: () => nowMs, signal: options.signal ?? context.signal };
      try {
        return (ended.result = await definition.round(own, given));
      } catch (error) {
        ended.thrown = error;
        throw error;
      }
    },
  };
  const harness = new MonitorHarness(watched, { settings, monitor, state, patienceMs: deadlineMs });
  try {
    const { messages, logs, error } = await harness.round();
    if ('thrown' in ended) throw ended.thrown;
    if (ended.result === undefined || error !== null) throw new Error(error?.message ?? 'no result');
    checkFacts(monitor.kind, ended.result);
    return { result: ended.result, texts: messages.map(({ text }) => text), logs };
  } finally {
    await harness.stop();
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
