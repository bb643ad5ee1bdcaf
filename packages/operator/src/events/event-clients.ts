/**
 * Sends events to all who listen. Promise: an event is written down once, a client that reads slowly holds up no
 * other and costs one batch of memory, and one that does not keep up is dropped with a reason.
 */
import type { ServerResponse } from 'node:http';
import { VedetteError, type Clock, type Logger } from '@vedette/contract';
import type { EventLog, Happening } from './event-log.js';
import { resumeAt } from './resume.js';

export const MAX_CLIENTS = 100;
/** Events of so long go out together. */
const GATHER_MS = 100;
/** Of one turn; ten turns a second keep up with thousands of monitors. */
const BATCH = 1_024;
/** A proxy that hears nothing ends the connection. */
const QUIET_MS = 15_000;
/** What was written must have left by then. */
const STUCK_MS = 20_000;
/** For the last words of the server. */
const GOODBYE_MS = 500;

export type DropReason = 'slow' | 'closing';

export interface EventFilter {
  /** Null: all. */
  readonly names: ReadonlySet<string> | null;
  /** Id of one monitor; null: all, and what is about none. */
  readonly monitor: string | null;
}

interface Client {
  readonly response: ServerResponse;
  readonly filter: EventFilter;
  next: number;
  /** Monotonic. */
  stuckSince: number | null;
}

export class EventClients {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onDropped: (reason: DropReason) => void;
  readonly #clients = new Set<Client>();
  #cancelTurn: (() => void) | null = null;
  #quietSince = 0;

  constructor(parts: {
    log: EventLog;
    clock: Clock;
    logger: Logger;
    onDropped: (reason: DropReason) => void;
  }) {
    this.#log = parts.log;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#onDropped = parts.onDropped;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Throws API_BUSY if there is none. */
  makeRoom(): void {
    if (this.#clients.size < MAX_CLIENTS) return;
    throw new VedetteError('API_BUSY', `${MAX_CLIENTS} clients listen to events already`);
  }

  /** The response, whose head is written, belongs to the stream from now on. */
  add(response: ServerResponse, lastId: string | null, filter: EventFilter): void {
    const { life, first, last } = this.#log;
    const { from, reset } = resumeAt(lastId, { life, first, last });
    const client: Client = { response, filter, next: from, stuckSince: null };
    response.once('close', () => {
      this.#clients.delete(client);
    });
    response.on('error', () => undefined);
    this.#clients.add(client);
    const hello = JSON.stringify({ life, reset });
    response.write(`retry: 1000\nid: ${life}-${from - 1}\nevent: hello\ndata: ${hello}\n\n`);
    this.#cancelTurn ??= this.#clock.after(GATHER_MS, this.#turn);
  }

  /** Says goodbye to all; their connections end. */
  close(): void {
    this.#cancelTurn?.();
    this.#cancelTurn = null;
    for (const client of this.#clients) this.#drop(client, 'closing');
  }

  readonly #turn = (): void => {
    this.#cancelTurn = null;
    const now = this.#clock.monotonic();
    const isQuiet = now - this.#quietSince >= QUIET_MS;
    if (isQuiet) this.#quietSince = now;
    const texts = new Map<number, string>();
    for (const client of this.#clients) this.#serve(client, now, isQuiet, texts);
    if (this.#clients.size > 0) this.#cancelTurn = this.#clock.after(GATHER_MS, this.#turn);
  };

  #serve(client: Client, now: number, isQuiet: boolean, texts: Map<number, string>): void {
    const { response, filter } = client;
    if (response.writableNeedDrain) {
      // Nothing is piled up for it: the log keeps what it missed, as long as it can.
      client.stuckSince ??= now;
      if (now - client.stuckSince > STUCK_MS || client.next < this.#log.first) this.#drop(client, 'slow');
      return;
    }
    client.stuckSince = null;
    if (client.next < this.#log.first) {
      // More happened at once than is kept: it comes back and is told that something is missing.
      this.#drop(client, 'slow');
      return;
    }
    if (client.next > this.#log.last) {
      if (isQuiet) response.write(':\n\n');
      return;
    }
    const begin = client.next;
    const batch = this.#log.from(begin, BATCH);
    client.next = (batch.at(-1)?.serial ?? this.#log.last) + 1;
    let text: string;
    if (filter.names === null && filter.monitor === null) {
      text = texts.get(begin) ?? this.#text(batch);
      texts.set(begin, text);
    } else text = this.#text(batch.filter((one) => isWanted(filter, one)));
    if (text !== '') response.write(text);
  }

  #text(batch: readonly Happening[]): string {
    return batch
      .map(
        ({ serial, name, at, data }) =>
          `id: ${this.#log.life}-${serial}\nevent: ${name}\ndata: ${JSON.stringify({ at, ...data })}\n\n`,
      )
      .join('');
  }

  #drop(client: Client, reason: DropReason): void {
    this.#clients.delete(client);
    this.#onDropped(reason);
    if (reason === 'slow') {
      this.#logger.log('warn', 'A client of events did not keep up and was dropped', {
        component: 'operator',
      });
    }
    const { response } = client;
    response.end(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`);
    const cancel = this.#clock.after(GOODBYE_MS, () => response.destroy());
    response.once('close', cancel);
  }
}

function isWanted({ names, monitor }: EventFilter, one: Happening): boolean {
  return (names === null || names.has(one.name)) && (monitor === null || one.monitor === monitor);
}
