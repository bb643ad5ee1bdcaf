/** `--output`: every published message as one JSON line, to a file or stdout. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { PublishOutcome, WireMessage } from '@vedette/contract';
import { CommandFailure, EXIT } from './exit-codes.js';

export class MessageOutput {
  readonly #stream: NodeJS.WritableStream;
  #written = 0;

  private constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  /** `-` is stdout; a file is appended to, mode 0600. */
  static async open(target: string): Promise<MessageOutput> {
    if (target === '-') return new MessageOutput(process.stdout);
    const stream: WriteStream = createWriteStream(target, { flags: 'a', mode: 0o600 });
    try {
      await once(stream, 'open');
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new CommandFailure(EXIT.usage, `--output ${target} cannot be written: ${why}`);
    }
    return new MessageOutput(stream);
  }

  get written(): number {
    return this.#written;
  }

  /** The body stands in the line as published, byte for byte, so that reals stay reals. */
  write(message: WireMessage, outcome: PublishOutcome, at: number): void {
    // A deferred message is told again when it is sent, or was replaced; a dropped one never left.
    if (outcome === 'deferred' || outcome === 'dropped') return;
    const head = JSON.stringify({ exchange: message.exchange, routingKey: message.routingKey });
    this.#stream.write(`${head.slice(0, -1)},"body":${message.content},"at":${at}}\n`);
    this.#written += 1;
  }

  async close(): Promise<void> {
    if (this.#stream === process.stdout) return;
    await new Promise<void>((resolve) => {
      this.#stream.end(() => {
        resolve();
      });
    });
  }
}
