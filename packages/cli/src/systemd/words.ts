/** What is said to the service manager, and how often. Pure; the protocol is sd_notify(3). */
import { maskText, printable } from '@vedette/contract';
import type { Environment } from '../environment.js';

/** Assignments as sd_notify takes them, `READY` to `1`. A later one of a name stands for an earlier one. */
export type Words = Readonly<Record<string, string>>;

/** What the service manager asked for through the environment. */
export interface Service {
  /** Path of a datagram socket, or `@name` of an abstract one. */
  readonly socket: string;
  /** Time between two beats, milliseconds. */
  readonly beatMs: number;
  /** It restarts us if beats fail to come. */
  readonly isWatched: boolean;
  /** It watches another process, usually a wrapper that started this one: beats of ours would be false. */
  readonly watchesAnother: boolean;
}

/** Where nobody watches, the status line is renewed so often. */
const UNWATCHED_BEAT_MS = 20_000;
/** Two of three beats may be lost on a busy machine. */
const BEATS_PER_LIMIT = 3;
/** Before the end of a start-up its deadline is put off by so many beats, each time. */
const BEATS_OF_PATIENCE = 3;
const LONGEST_STATUS = 300;

/** Null where no service manager listens. */
export function serviceOf(env: Environment, pid: number): Service | null {
  const socket = env['NOTIFY_SOCKET'];
  if (socket === undefined || socket === '') return null;
  const limitMs = Number(env['WATCHDOG_USEC']) / 1000;
  const isAsked = Number.isFinite(limitMs) && limitMs > 0;
  const owner = env['WATCHDOG_PID'];
  const isForUs = owner === undefined || owner === '' || Number(owner) === pid;
  const isWatched = isAsked && isForUs;
  return {
    socket,
    beatMs: isWatched ? limitMs / BEATS_PER_LIMIT : UNWATCHED_BEAT_MS,
    isWatched,
    watchesAnother: isAsked && !isForUs,
  };
}

/** What the main loop says in turn: a beat, and that it is ready once it is. */
export interface Turn {
  readonly service: Service;
  /** READY was said before: it is said once, and a start-up has no deadline any more. */
  readonly wasReady: boolean;
  /** What is missing to be ready; empty if nothing is. */
  readonly missing: readonly string[];
  /** How the monitors are, in a few words. */
  readonly counts: string;
}

export function wordsOf({ service, wasReady, missing, counts }: Turn): Words {
  const isReady = missing.length === 0;
  const beat = service.isWatched ? { WATCHDOG: '1' } : {};
  const status = { STATUS: statusOf(isReady ? counts : `not ready: ${missing.join(', ')}; ${counts}`) };
  if (wasReady) return { ...beat, ...status };
  if (isReady) return { READY: '1', ...beat, ...status };
  // A broker that is away for long must not make the service manager give up: monitors run without it.
  const patienceUs = Math.ceil(service.beatMs * BEATS_OF_PATIENCE * 1000);
  return { EXTEND_TIMEOUT_USEC: String(patienceUs), ...beat, ...status };
}

/** A standby has started once it waits: nobody knows when its turn comes. */
export function standbyWords(service: Service, wasReady: boolean): Words {
  return {
    ...(wasReady ? {} : { READY: '1' }),
    ...(service.isWatched ? { WATCHDOG: '1' } : {}),
    STATUS: 'standby: waits while another manager is at work',
  };
}

export function stoppingWords(why: string): Words {
  return { STOPPING: '1', STATUS: statusOf(`stopping: ${why}`) };
}

/** One line, of a length a status shows. */
function statusOf(text: string): string {
  return printable(maskText(text), ' ').slice(0, LONGEST_STATUS);
}
