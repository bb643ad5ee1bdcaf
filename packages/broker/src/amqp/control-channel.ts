/**
 * Declarations on one session, one after another. Promise: a refusal, which ends an AMQP channel, becomes a
 * coded error of that one declaration; the next gets a new channel.
 */
import type { Channel } from 'amqplib';
import { lostError, refusedError, replyCode } from './amqp-errors.js';
import { SETUP_DEADLINE_MS } from './amqp-link.js';
import type { AmqpSession } from './amqp-session.js';

export class ControlChannel {
  readonly #session: AmqpSession;
  #channel: Channel | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: AmqpSession) {
    this.#session = session;
  }

  /**
   * `what` names the declaration in errors. Rejects with BROKER_TOPOLOGY_REFUSED or BROKER_ACCESS_REFUSED if
   * the broker refused it, else with what ended the session.
   */
  run(what: string, work: (channel: Channel) => Promise<void>): Promise<void> {
    const result = this.#last.then(() => this.#run(what, work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #run(what: string, work: (channel: Channel) => Promise<void>): Promise<void> {
    const channel = this.#channel ?? (await this.#open());
    try {
      await this.#session.race(work(channel), SETUP_DEADLINE_MS, `declaring ${what}`);
    } catch (error) {
      if (replyCode(error) !== null) throw refusedError(error, what);
      // No answer, or a channel that ended without a word: the session cannot be trusted any more.
      const lost = lostError(error, 'broker');
      this.#session.fail(lost);
      throw lost;
    }
  }

  async #open(): Promise<Channel> {
    const channel = await this.#session.channel(SETUP_DEADLINE_MS);
    this.#channel = channel;
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = null;
    });
    return channel;
  }
}
