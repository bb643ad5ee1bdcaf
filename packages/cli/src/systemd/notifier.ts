/**
 * Carries words to the service manager. Promise: one messenger at a time, each with a deadline; nothing that must be
 * said (READY, STOPPING) is lost when one fails, and no failure reaches the caller.
 *
 * The messenger is systemd's own `systemd-notify`: Node has no datagram sockets of the unix kind, packages that have
 * them are compiled at installation, and a program that comes with every systemd is what a system has anyway.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { serialiseError, type Logger } from '@vedette/contract';
import type { Words } from './words.js';

const PROGRAM = 'systemd-notify';
/** It waits for up to 5 s until the service manager has read the message, lest its sender be gone by then. */
const MESSENGER_MS = 10_000;

export interface NotifierOptions {
  readonly socket: string;
  /** Where `systemd-notify` is looked for. */
  readonly path: string | undefined;
  readonly logger: Logger;
  readonly deadlineMs?: number;
}

export class Notifier {
  readonly #options: NotifierOptions;
  #waiting: Words = {};
  #child: ChildProcess | null = null;
  #hasFailed = false;
  #onIdle: (() => void) | null = null;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Goes out at once, or together with what comes meanwhile when the messenger is back. */
  say(words: Words): void {
    this.#waiting = { ...this.#waiting, ...words };
    if (this.#child === null) this.#send();
  }

  /** Resolves when all is said or cannot be said, at `deadlineMs` at the latest; then no messenger is left. */
  async close(deadlineMs: number): Promise<void> {
    if (this.#child === null) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, deadlineMs);
    });
    clearTimeout(timer);
    this.#waiting = {};
    (this.#child as ChildProcess | null)?.kill('SIGKILL');
  }

  #send(): void {
    const words = this.#waiting;
    this.#waiting = {};
    const args = Object.entries(words).map(([name, value]) => `${name}=${value}`);
    if (args.length === 0) return;
    let child: ChildProcess;
    try {
      child = this.#start(args);
    } catch (error) {
      // No memory for another process, for example.
      this.#back(words, error);
      return;
    }
    this.#child = child;
    child.once('error', (error) => {
      // One that never began has no exit.
      if (child.pid === undefined) this.#back(words, error);
    });
    child.once('exit', (code, signal) => {
      const error = code === 0 ? null : new Error(`${PROGRAM} ended with ${code ?? signal ?? '?'}`);
      this.#back(words, error);
    });
  }

  #start(args: readonly string[]): ChildProcess {
    const { socket, path, deadlineMs = MESSENGER_MS } = this.#options;
    return spawn(PROGRAM, args, {
      // Nothing else of ours: no secrets.
      env: { NOTIFY_SOCKET: socket, LC_ALL: 'C', ...(path === undefined ? {} : { PATH: path }) },
      stdio: 'ignore',
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    });
  }

  #back(words: Words, error: unknown): void {
    this.#child = null;
    if (error === null) {
      this.#hasFailed = false;
      this.#send();
    } else {
      // With the next words: a service manager that does not listen now may in a while. A beat is of its moment.
      const { WATCHDOG: _beat, ...kept } = { ...words, ...this.#waiting };
      this.#waiting = kept;
      if (!this.#hasFailed) {
        const fields = { component: 'systemd', err: serialiseError(error) };
        this.#options.logger.log('warn', 'The service manager could not be told', fields);
      }
      this.#hasFailed = true;
    }
    if (this.#child === null) this.#onIdle?.();
  }
}
