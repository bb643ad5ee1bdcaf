/**
 * Which bearer tokens are accepted. Promise: comparing takes as long for a wrong token as for a right one, and a
 * token taken out of its file is refused a second later.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { VedetteError, type Clock, type Logger } from '@vedette/contract';

const LOOK_EVERY_MS = 1_000;
const MAX_FILE_BYTES = 64 * 1024;
const USABLE = /^[\x21-\x7e]{16,200}$/;

/** The bearer tokens that are valid now. */
export interface Tokens {
  /** False if none was ever given, so that no request can carry one. */
  readonly areUsed: boolean;
  accepts(token: string): boolean;
}

/** Nobody has a token: then only a loopback address may be listened on. */
export const NO_TOKENS: Tokens = { areUsed: false, accepts: () => false };

/** One token for as long as the process lives. Throws LISTEN_BAD_TOKEN. */
export function fixedToken(token: string): Tokens {
  const digests = [digestOf(usable(token, 'the token'))];
  return { areUsed: true, accepts: (given) => isOneOf(given, digests) };
}

/** A file of tokens, one a line; `#` begins a comment. Looked at again while it is used. */
export class TokenFile implements Tokens {
  readonly areUsed = true;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #digests: readonly Buffer[];
  #stamp: string;
  #lookedAt: number;

  /** Throws LISTEN_BAD_TOKEN for a file that cannot be read or holds no usable token. */
  constructor(path: string, clock: Clock, logger: Logger) {
    this.#path = path;
    this.#clock = clock;
    this.#logger = logger;
    this.#stamp = stampOf(path);
    this.#digests = read(path);
    this.#lookedAt = clock.monotonic();
  }

  accepts(token: string): boolean {
    this.#look();
    return isOneOf(token, this.#digests);
  }

  /** A file that is gone or wrong accepts nobody: who takes it away wants the door shut. */
  #look(): void {
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    try {
      this.#digests = read(this.#path);
      this.#logger.log('info', 'Tokens read again', { component: 'operator', tokens: this.#digests.length });
    } catch (error) {
      this.#digests = [];
      const code = error instanceof VedetteError ? error.code : null;
      this.#logger.log('error', 'Tokens cannot be read, nobody is let in', { component: 'operator', code });
    }
  }
}

function isOneOf(given: string, digests: readonly Buffer[]): boolean {
  const digest = digestOf(given);
  let isKnown = false;
  // All of them, also after a match.
  for (const one of digests) isKnown = timingSafeEqual(one, digest) || isKnown;
  return isKnown;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function read(path: string): readonly Buffer[] {
  let text: string;
  try {
    if (statSync(path).size > MAX_FILE_BYTES)
      throw new VedetteError('LISTEN_BAD_TOKEN', `${path} is too large`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof VedetteError) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new VedetteError('LISTEN_BAD_TOKEN', `${path} cannot be read: ${why}`);
  }
  const lines = text.split('\n').map((line) => line.replace(/#.*$/, '').trim());
  const tokens = lines.filter((line) => line !== '');
  if (tokens.length === 0) throw new VedetteError('LISTEN_BAD_TOKEN', `${path} holds no token`);
  return tokens.map((token, index) => digestOf(usable(token, `token ${index + 1} of ${path}`)));
}

function usable(token: string, what: string): string {
  if (USABLE.test(token)) return token;
  const text = `${what} has ${token.length} characters, or some that cannot be sent in a header`;
  throw new VedetteError('LISTEN_BAD_TOKEN', text);
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'gone';
  }
}
