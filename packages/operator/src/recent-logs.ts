/** The newest log records, for those who ask over HTTP. Promise: it never grows past its size, and holds no credential. */
import { randomBytes } from 'node:crypto';
import {
  isLogged,
  serialiseError,
  systemClock,
  type Clock,
  type JsonObject,
  type JsonValue,
  type LogFields,
  type Logger,
  type LogLevel,
} from '@vedette/contract';
import { shownSettings, shownText } from './shown.js';

/** One log record as the API shows it. */
export interface LogRecord {
  /** Counts from 1 in this process. */
  readonly serial: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly level: LogLevel;
  readonly sentence: string;
  /** Id of the monitor it is about; null where it is about none. */
  readonly monitor: string | null;
  /** Credentials are masked, stacks left out. */
  readonly fields: JsonObject;
}

/** Which records are asked for. */
export interface LogQuery {
  /** This urgent, or more. */
  readonly level: LogLevel;
  /** Null: of all, and about none. */
  readonly monitor: string | null;
  readonly limit: number;
}

const DEFAULT_SIZE = 2_000;
/** Of the fields of one record, as JSON. */
const MAX_CHARACTERS = 8_000;

/** Keeps the newest records of a log; what is kept is what {@link RecentLogs.note} is told. */
export class RecentLogs {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #size: number;
  readonly #ring: LogRecord[] = [];
  /** Tells apart the numbers of one process from those of the next. */
  readonly life = randomBytes(6).toString('hex');
  #last = 0;

  /** `size`: records kept, default 2,000. */
  constructor(clock: Pick<Clock, 'now'> = systemClock, size: number = DEFAULT_SIZE) {
    this.#clock = clock;
    this.#size = size;
  }

  /** Number of the newest record; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Number of the oldest record that is kept. */
  get first(): number {
    return Math.max(1, this.#last - this.#size + 1);
  }

  note(level: LogLevel, sentence: string, fields: LogFields = {}): void {
    const { monitorId, ...rest } = fields;
    this.#last += 1;
    this.#ring[this.#last % this.#size] = {
      serial: this.#last,
      at: this.#clock.now(),
      level,
      sentence: shownText(sentence),
      monitor: typeof monitorId === 'string' ? monitorId : null,
      fields: shownFields(rest),
    };
  }

  /** A logger that also keeps what it passes on; `level` is the least urgent that is kept. */
  keeping(logger: Logger, level: LogLevel = 'info'): Logger {
    return {
      log: (of, sentence, fields) => {
        if (isLogged(of, level)) this.note(of, sentence, fields);
        logger.log(of, sentence, fields);
      },
    };
  }

  /** The newest that match, oldest first. */
  newest(query: LogQuery): LogRecord[] {
    const found: LogRecord[] = [];
    for (let serial = this.#last; serial >= this.first && found.length < query.limit; serial -= 1) {
      const one = this.#ring[serial % this.#size];
      if (one !== undefined && isAsked(one, query)) found.push(one);
    }
    return found.reverse();
  }

  /** The oldest that match from number `from` on. */
  from(from: number, query: LogQuery): LogRecord[] {
    const found: LogRecord[] = [];
    for (
      let serial = Math.max(from, this.first);
      serial <= this.#last && found.length < query.limit;
      serial += 1
    ) {
      const one = this.#ring[serial % this.#size];
      if (one !== undefined && isAsked(one, query)) found.push(one);
    }
    return found;
  }
}

function isAsked(one: LogRecord, { level, monitor }: LogQuery): boolean {
  return isLogged(one.level, level) && (monitor === null || one.monitor === monitor);
}

/** Whatever somebody logged: a record that cannot be shown must not stop what logged it. */
function shownFields(fields: LogFields): JsonObject {
  try {
    const text = JSON.stringify(fields, (key, value: unknown) =>
      key === 'stack' ? undefined : value instanceof Error ? serialiseError(value) : value,
    );
    const plain = JSON.parse(text) as JsonObject;
    if (text.length > MAX_CHARACTERS) return { tooLong: `fields of ${text.length} characters` };
    // A field that says nothing is none.
    return shownSettings(Object.fromEntries(Object.entries(plain).filter(isSaid)));
  } catch {
    return { unreadable: true };
  }
}

function isSaid([, value]: [string, JsonValue]): boolean {
  return value !== null;
}
