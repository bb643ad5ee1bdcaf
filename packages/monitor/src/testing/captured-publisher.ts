/** A publisher that keeps what it gets and answers as told. */
import type { LinkWord, PublishOutcome, WireMessage } from '@vedette/contract';
import type { Publisher, PublishOptions } from '@vedette/broker';

export class CapturedPublisher implements Publisher {
  readonly link: LinkWord = 'connected';
  readonly replaced = 0;
  readonly sent: { message: WireMessage; options: PublishOptions | undefined }[] = [];
  closedWith: number | undefined | null = null;
  /** What becomes of a message; a promise that never settles is allowed. */
  outcomeOf: (message: WireMessage) => PublishOutcome | Promise<PublishOutcome> = () => 'confirmed';
  onClose: () => Promise<void> = () => Promise.resolve();

  async publish(message: WireMessage, options?: PublishOptions): Promise<PublishOutcome> {
    this.sent.push({ message, options });
    return this.outcomeOf(message);
  }

  onSettled(): () => void {
    return () => undefined;
  }

  onLinkChanged(): () => void {
    return () => undefined;
  }

  close(deadlineMs?: number): Promise<void> {
    this.closedWith = deadlineMs;
    return this.onClose();
  }

  /** Routing keys in the order sent. */
  get keys(): string[] {
    return this.sent.map(({ message }) => message.routingKey);
  }
}
