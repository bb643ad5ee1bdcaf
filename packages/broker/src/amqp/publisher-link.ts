/** The link of a publisher, be it its own or its part of one that several share. */
import type { ConfirmChannel } from 'amqplib';
import type { LinkWord } from '@vedette/contract';
import type { LinkListener } from './amqp-link.js';

export interface PublisherLink {
  readonly word: LinkWord;
  onChanged(listener: LinkListener): () => void;
  ready(deadlineMs: number): Promise<void>;
  /** `channel`: what is to be closed where others use the connection too. Never rejects. */
  close(deadlineMs: number, channel: ConfirmChannel | null): Promise<void>;
}
