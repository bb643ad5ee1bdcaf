/**
 * What was published on one channel and is not confirmed yet. Promise: a returned message is matched to
 * exactly the publish it belongs to.
 *
 * The wire allows no message id (PANIC's properties are delivery_mode alone), so a return is matched by
 * exchange, routing key and body. That is exact because the owner never has two equal messages in here:
 * it asks `has` and holds the second back until the first is confirmed.
 */
import type { WireMessage } from '@vedette/contract';

interface Flight<T> {
  readonly tag: number;
  readonly fingerprint: string;
  readonly item: T;
  isReturned: boolean;
}

export interface Settled<T> {
  readonly item: T;
  readonly isReturned: boolean;
}

export class ConfirmWindow<T> {
  /** By delivery tag, which rises by one with every publish of a channel; a Map keeps that order. */
  readonly #byTag = new Map<number, Flight<T>>();
  readonly #byPrint = new Map<string, Flight<T>>();
  #lastTag = 0;

  get size(): number {
    return this.#byTag.size;
  }

  /** True if an equal message waits for its confirm. */
  has(message: WireMessage): boolean {
    return this.#byPrint.has(fingerprint(message));
  }

  /** Call once per message written to the channel, in that order. */
  add(message: WireMessage, item: T): void {
    this.#lastTag += 1;
    const flight = { tag: this.#lastTag, fingerprint: fingerprint(message), item, isReturned: false };
    this.#byTag.set(flight.tag, flight);
    this.#byPrint.set(flight.fingerprint, flight);
  }

  /** The broker sends a return before the confirm of the same message. */
  returned(message: WireMessage): void {
    const flight = this.#byPrint.get(fingerprint(message));
    if (flight !== undefined) flight.isReturned = true;
  }

  /** A confirm or refusal of one delivery tag or, if `isMultiple`, of all up to it. */
  settle(tag: number, isMultiple: boolean): Settled<T>[] {
    if (!isMultiple) return this.#remove(this.#byTag.get(tag));
    const settled: Settled<T>[] = [];
    for (const flight of this.#byTag.values()) {
      if (flight.tag > tag) break;
      settled.push(...this.#remove(flight));
    }
    return settled;
  }

  /** Takes out what is left, oldest first: the channel is gone. */
  drain(): Settled<T>[] {
    return [...this.#byTag.values()].flatMap((flight) => this.#remove(flight));
  }

  #remove(flight: Flight<T> | undefined): Settled<T>[] {
    if (flight === undefined) return [];
    this.#byTag.delete(flight.tag);
    this.#byPrint.delete(flight.fingerprint);
    return [{ item: flight.item, isReturned: flight.isReturned }];
  }
}

function fingerprint({ exchange, routingKey, content }: WireMessage): string {
  return `${exchange}\n${routingKey}\n${content}`;
}
