/**
 * A worker's Publisher over the embedded broker of its host. Promise: every publish settles within the confirm
 * timeout. Needs no broker library, so a worker bundle stays lean.
 */
import {
  systemClock,
  type BrokerReply,
  type BrokerRequest,
  type Clock,
  type LinkWord,
  type PublishOutcome,
  type WireMessage,
} from '@vedette/contract';
import type { LinkChange, Publisher, PublishOptions } from '../broker.js';
import { DEFAULT_CONFIRM_TIMEOUT_MS } from '../defaults.js';
import { Outstanding } from '../outstanding.js';

const CLOSE_DEADLINE_MS = 5_000;

/** How an {@link EmbeddedClient} reaches its host. */
export interface EmbeddedClientOptions {
  /** Sends a request to the host, which answers with `receive`. */
  readonly post: (request: BrokerRequest) => void;
  /** Default 10,000. */
  readonly confirmTimeoutMs?: number;
  readonly clock?: Clock;
}

/** The link of a worker to the {@link EmbeddedBroker} of its host. Never down. */
export class EmbeddedClient implements Publisher {
  readonly #post: (request: BrokerRequest) => void;
  readonly #clock: Clock;
  readonly #confirmTimeoutMs: number;
  readonly #waiting = new Map<number, (outcome: PublishOutcome) => void>();
  readonly #settledListeners = new Set<(message: WireMessage, outcome: PublishOutcome) => void>();
  readonly #linkListeners = new Set<(change: LinkChange) => void>();
  readonly #outstanding = new Outstanding<number>();
  #lastId = 0;
  #closing: Promise<void> | null = null;

  constructor(options: EmbeddedClientOptions) {
    this.#post = options.post;
    this.#clock = options.clock ?? systemClock;
    this.#confirmTimeoutMs = options.confirmTimeoutMs ?? DEFAULT_CONFIRM_TIMEOUT_MS;
  }

  get link(): LinkWord {
    return this.#closing === null ? 'connected' : 'closed';
  }

  /** Always 0: the link is never down. */
  get replaced(): number {
    return 0;
  }

  publish(message: WireMessage, options: PublishOptions = {}): Promise<PublishOutcome> {
    return new Promise((resolve) => {
      const id = (this.#lastId += 1);
      const settle = (outcome: PublishOutcome) => {
        cancel();
        this.#waiting.delete(id);
        resolve(outcome);
        for (const listener of [...this.#settledListeners]) listener(message, outcome);
        this.#outstanding.delete(id);
      };
      const cancel = this.#clock.after(this.#confirmTimeoutMs, () => settle('timeout'));
      if (this.#closing !== null) {
        settle('dropped');
        return;
      }
      this.#waiting.set(id, settle);
      this.#outstanding.add(id);
      const { headers } = options;
      try {
        this.#post({ id, op: 'publish', message, ...(headers === undefined ? {} : { headers }) });
      } catch {
        // The port is closed: the host is gone or going.
        settle('dropped');
      }
    });
  }

  /** The host's answer; one that comes after its timeout is ignored. */
  receive(reply: BrokerReply): void {
    this.#waiting.get(reply.id)?.(reply.outcome);
  }

  onSettled(listener: (message: WireMessage, outcome: PublishOutcome) => void): () => void {
    this.#settledListeners.add(listener);
    return () => this.#settledListeners.delete(listener);
  }

  onLinkChanged(listener: (change: LinkChange) => void): () => void {
    this.#linkListeners.add(listener);
    return () => this.#linkListeners.delete(listener);
  }

  close(deadlineMs: number = CLOSE_DEADLINE_MS): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<void> {
    await this.#outstanding.whenNone(this.#clock, deadlineMs);
    for (const settle of [...this.#waiting.values()]) settle('timeout');
    for (const listener of [...this.#linkListeners]) listener({ link: 'closed', replaced: 0, error: null });
  }
}
