/**
 * Which facts are gauges, and what they say. Promise: a kind never has more than a hundred, however many names its
 * monitors invent, so that the number of series is bounded by that of monitors.
 */
import { gaugeName, type MonitorStrategy } from '@vedette/contract/strategy';

export const MAX_FACTS_PER_KIND = 100;
const USABLE = /^[a-z][a-z0-9_]{0,79}$/;

export interface Gauge {
  readonly name: string;
  readonly help: string;
}

export class FactGauges {
  readonly #strategyOf: (kind: string) => Pick<MonitorStrategy, 'title' | 'docs'> | undefined;
  readonly #isTaken: (name: string) => boolean;
  readonly #kinds = new Map<string, Map<string, Gauge | null>>();

  /** `isTaken`: names that mean something else already. */
  constructor(
    strategyOf: (kind: string) => Pick<MonitorStrategy, 'title' | 'docs'> | undefined,
    isTaken: (name: string) => boolean,
  ) {
    this.#strategyOf = strategyOf;
    this.#isTaken = isTaken;
  }

  /** Null for a fact that is left out. */
  of(kind: string, fact: string): Gauge | null {
    const facts = this.#factsOf(kind);
    const known = facts.get(fact);
    if (known !== undefined) return known;
    // One that is left out is not remembered either: there may be no end of them.
    if (facts.size >= MAX_FACTS_PER_KIND || !USABLE.test(fact)) return null;
    const gauge = this.#gaugeOf(kind, fact, `observed by monitors of kind ${kind}`);
    facts.set(fact, gauge);
    return gauge;
  }

  /** Declared facts come first: invented ones cannot take their place. */
  #factsOf(kind: string): Map<string, Gauge | null> {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    const declared = Object.entries(this.#strategyOf(kind)?.docs?.facts ?? {})
      .filter(([fact]) => USABLE.test(fact))
      .slice(0, MAX_FACTS_PER_KIND)
      .map(([fact, help]) => [fact, this.#gaugeOf(kind, fact, help)] as const);
    const facts = new Map<string, Gauge | null>(declared);
    this.#kinds.set(kind, facts);
    return facts;
  }

  #gaugeOf(kind: string, fact: string, help: string): Gauge | null {
    const name = gaugeName(kind, fact);
    return this.#isTaken(name) ? null : { name, help };
  }
}
