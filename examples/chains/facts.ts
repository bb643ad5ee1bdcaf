/**
 * What the monitors have told, read from the file of `vedette run --output`: one line of facts per monitor.
 * Promise: only what was published is shown, and what is late is said to be.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '@vedette/contract';
import { isJsonObject } from '@vedette/contract';
import { WATCHED, type Watched } from './config.js';

interface Seen {
  results: number;
  errors: number;
  lastAt: number;
  /** Of the last message. */
  error: string | null;
  data: JsonObject;
}

/** Rounds that may be missed before a monitor counts as silent. */
const PATIENCE = 3;

export class Facts {
  readonly #file: string;
  readonly #seen = new Map<string, Seen>();
  #linesRead = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(): void {
    if (!existsSync(this.#file)) return;
    // The last piece is a line in the making, or nothing.
    const lines = readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(this.#linesRead)) this.#take(JSON.parse(line) as JsonObject);
    this.#linesRead = lines.length;
  }

  #take({ exchange, routingKey, body, at }: JsonObject): void {
    if (exchange !== 'raw_data') return;
    const { result, error } = reportIn(body);
    const key = String(routingKey);
    const seen = this.#seen.get(key) ?? { results: 0, errors: 0, lastAt: 0, error: null, data: {} };
    this.#seen.set(key, seen);
    seen.lastAt = Number(at);
    if (isJsonObject(result)) {
      seen.results += 1;
      seen.error = null;
      seen.data = object(result['data']);
    } else if (isJsonObject(error)) {
      seen.errors += 1;
      seen.error = `${String(error['code'])} ${String(error['message'])}`;
    }
  }

  /** Those that had no good round so far. */
  get withoutResult(): string[] {
    return WATCHED.filter(({ routingKey }) => (this.#seen.get(routingKey)?.results ?? 0) === 0).map(
      ({ id }) => {
        const error = WATCHED.map((one) =>
          one.id === id ? this.#seen.get(one.routingKey)?.error : null,
        ).find(Boolean);
        return `${id}${error ? ` (last error: ${error})` : ''}`;
      },
    );
  }

  lines(now: number): string[] {
    return WATCHED.map((watched) => {
      const seen = this.#seen.get(watched.routingKey);
      const { health, figures } = seen === undefined ? STARTING : stateOf(watched, seen, now);
      return `  ${watched.id.padEnd(11)} ${watched.kind.padEnd(20)} ${health.padEnd(9)} ${figures}`;
    });
  }
}

const STARTING = { health: 'starting', figures: 'nothing told yet' };

function stateOf(watched: Watched, seen: Seen, now: number): { health: string; figures: string } {
  const age = now - seen.lastAt;
  if (age > watched.periodMs * PATIENCE) {
    return { health: 'silent', figures: `for ${Math.round(age / 1_000)} s` };
  }
  if (seen.error !== null) return { health: 'failing', figures: seen.error };
  const { results, errors } = seen;
  const rounds = `${results} rounds${errors > 0 ? `, ${errors} errors` : ''}`;
  return { health: 'healthy', figures: `${figuresOf(watched.kind, seen.data)} · ${rounds}` };
}

/** The figures one would look at first. */
export function figuresOf(kind: Watched['kind'], data: JsonObject): string {
  switch (kind) {
    case 'evm-node':
      return `height ${text(data['current_height'])}, ${data['syncing'] === true ? 'syncing' : 'synced'}`;
    case 'chainlink-node': {
      const balance = object(data['balance']);
      return `head ${text(data['head_tracker_current_head'])}, balance ${text(balance['balance'])}`;
    }
    case 'chainlink-contracts':
      return Object.values(data)
        .map(object)
        .map(
          (feed) =>
            `${text(feed['description'])} ${dollars(feed['latestAnswer'])} (round ${text(feed['latestRound'])})`,
        )
        .join(', ');
    case 'substrate-node':
      return [
        `best ${text(data['best_height'])}, finalized ${text(data['finalized_height'])}`,
        `session ${text(data['current_session'])}, era ${text(data['current_era'])}`,
        data['active'] === true ? 'validating' : 'not validating',
      ].join(', ');
    case 'substrate-network':
      return `referenda ${text(data['referendum_count'])}, public proposals ${text(data['public_prop_count'])}`;
  }
}

function reportIn(body: JsonValue | undefined): JsonObject {
  const whole = object(body);
  return object(whole['websocket'] ?? whole['prometheus'] ?? whole);
}

function object(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function text(value: JsonValue | undefined): string {
  return value === undefined || value === null ? '–' : String(value);
}

function dollars(answer: JsonValue | undefined): string {
  return typeof answer === 'number' ? `$${(answer / 10 ** 8).toFixed(2)}` : '–';
}
