/** Where config comes from: RabbitMQ or a file. A source hands over; the manager decides and stores. */
import type { Family, MonitorSpec, Refusal } from '@vedette/contract';
import type { Intake } from '../monitorables-gate.js';
import type { Place } from './places.js';

/** What became of a config message. */
export type Verdict =
  /** Stored and applied; single entries may have been refused. */
  | { readonly isTaken: true; readonly refusals: readonly Refusal[] }
  /** Unusable as a whole: nothing was changed. */
  | { readonly isTaken: false; readonly refusals: readonly Refusal[] };

/** What a source may do to the manager. */
export interface ConfigSink {
  /** A place in the line for a message that came now, to be handed over with it. */
  enter(family: Family, routingKey: string): Place;
  /**
   * Resolves when the message is stored and what follows from it is told. Rejects only with
   * STORE_WRITE_FAILED; then nothing was changed and the message must be kept, and its place with it,
   * which lets the other scopes pass.
   * Without `place` it takes the last one, and leaves it.
   */
  acceptMessage(family: Family, routingKey: string, content: Uint8Array, place?: Place): Promise<Verdict>;
  /** A complete set in Vedette's own form, already checked. */
  acceptSpecs(scope: string, specs: readonly MonitorSpec[]): void;
  /** An edit that was not taken; what runs goes on. */
  reportRefusals(scope: string, refusals: readonly Refusal[]): void;
  /** For sources that hand over messages one by one: how far they are, at each change. */
  reportIntake(intake: Intake): void;
}

/** Hands config to a manager, for as long as it runs. */
export interface ConfigSource {
  /** Rejects if it can never work (for example a file that is wrong at start). */
  start(sink: ConfigSink): Promise<void>;
  /**
   * Where the source can be read again at any time, as a file: does so, and resolves with what was refused. Such a
   * source alone says what runs.
   */
  reload?(): Promise<readonly Refusal[]>;
  /** Nothing is handed over after this resolves. */
  stop(): Promise<void>;
}
