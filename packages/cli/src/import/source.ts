/** What an import has read: the config messages PANIC would publish, and where each part of them stands. */
import type { JsonObject, Refusal } from '@vedette/contract';

export interface ImportedMessage {
  readonly routingKey: string;
  readonly body: JsonObject;
  /** For people, for example a path below the folder given. */
  readonly file: string;
  /** 1-based; null where no line can be named. */
  lineOf(configId: string | null, field: string | null): number | null;
}

export interface ImportProblem extends Refusal {
  readonly file: string;
  readonly line: number | null;
}

export interface ImportSource {
  /** What it was taken for. */
  readonly form: 'ini folder' | 'configs export';
  readonly messages: readonly ImportedMessage[];
  /** Files and documents nothing could be made of. */
  readonly problems: readonly ImportProblem[];
  /** What is none of a monitors manager's business: alerts, channels, sub-chains that are not ready. */
  readonly passedOver: readonly { readonly what: string; readonly why: string }[];
}
