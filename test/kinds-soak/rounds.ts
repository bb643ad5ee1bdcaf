/**
 * What ten monitors have published, one of each kind, told apart by the routing keys of their kinds. Promise: every
 * message counts once, and a code the kind does not document is kept by name.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isJsonObject, type JsonObject, type JsonValue } from '@vedette/contract';
import { STRATEGIES } from '@vedette/cli/kinds';

export interface KindRounds {
  readonly kind: string;
  /** Longest time allowed between two messages: period and deadline of a round. */
  readonly allowedGapMs: number;
  results: number;
  readonly codes: Map<number, number>;
  readonly unknown: Set<string>;
  longestGapMs: number;
  lastAt: number;
  lastResultAt: number;
}

export class Rounds {
  readonly byKey: ReadonlyMap<string, KindRounds>;
  readonly #known: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #file: string;
  #read = 0;
  #rest = Buffer.alloc(0);

  /** `from`: when the monitors were started, which is what the first gap counts from. */
  constructor(file: string, periodMs: number, from: number) {
    this.#file = file;
    this.#known = new Map(
      STRATEGIES.map(({ kind, docs }) => [kind, new Set(docs?.errors.map(({ code }) => code) ?? [])]),
    );
    this.byKey = new Map(
      STRATEGIES.map(({ kind, docs, limits }) => {
        const rounds: KindRounds = {
          kind,
          allowedGapMs: periodMs + limits.roundTimeoutMs,
          ...{ results: 0, codes: new Map(), unknown: new Set() },
          ...{ longestGapMs: 0, lastAt: from, lastResultAt: 0 },
        };
        return [docs?.publishes[0]?.routingKey ?? kind, rounds];
      }),
    );
  }

  /** Takes in what was written since. */
  look(): void {
    const file = openSync(this.#file, 'r');
    try {
      const { size } = fstatSync(file);
      const fresh = Buffer.alloc(size - this.#read);
      this.#read += readSync(file, fresh, 0, fresh.length, this.#read);
      const bytes = Buffer.concat([this.#rest, fresh]);
      // What follows the last line break is a message in the making.
      const end = bytes.lastIndexOf('\n') + 1;
      this.#rest = bytes.subarray(end);
      for (const line of bytes.subarray(0, end).toString().split('\n')) {
        if (line !== '') this.#take(JSON.parse(line) as JsonObject);
      }
    } finally {
      closeSync(file);
    }
  }

  /** The time until now counts as a gap too. */
  end(now: number): void {
    for (const rounds of this.byKey.values()) gapUntil(rounds, now);
  }

  #take({ exchange, routingKey, body, at }: JsonObject): void {
    const rounds = this.byKey.get(String(routingKey));
    if (exchange !== 'raw_data' || rounds === undefined || !isJsonObject(body)) return;
    gapUntil(rounds, Number(at));
    const reports = 'result' in body || 'error' in body ? [body] : Object.values(body);
    const errors = reports
      .map((report) => (isJsonObject(report) ? report['error'] : undefined))
      .filter(isJsonObject);
    if (errors.length === 0) {
      rounds.results += 1;
      rounds.lastResultAt = Number(at);
    }
    for (const { code, message } of errors) this.#count(rounds, code, message);
  }

  #count(rounds: KindRounds, code: JsonValue | undefined, message: JsonValue | undefined): void {
    if (typeof code !== 'number' || this.#known.get(rounds.kind)?.has(code) !== true) {
      rounds.unknown.add(`${String(code)} ${String(message)}`);
    } else rounds.codes.set(code, (rounds.codes.get(code) ?? 0) + 1);
  }
}

function gapUntil(rounds: KindRounds, at: number): void {
  rounds.longestGapMs = Math.max(rounds.longestGapMs, at - rounds.lastAt);
  rounds.lastAt = at;
}
