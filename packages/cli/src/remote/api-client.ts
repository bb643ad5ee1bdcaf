/** Asks a running `vedette run` over its API. Promise: an answer, or a failure that says what to do next, by a deadline. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Environment } from '../environment.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { askHttp, textOf, type Ask } from './http-ask.js';

export interface RemoteOptions {
  /** `http://HOST:PORT`, or `HOST:PORT`. */
  readonly url?: string;
  readonly tokenFile?: string;
}

/** The manager answered that it will not; `code` is one of ERRORS.md, null where the answer is none of ours. */
export class ApiRefusal extends CommandFailure {
  constructor(
    status: number,
    readonly code: string | null,
    message: string,
    remedy?: string,
  ) {
    super(status, message, remedy);
  }
}

const DEFAULT_URL = 'http://127.0.0.1:9464';
const DEADLINE_MS = 10_000;

export class ApiClient {
  readonly #base: string;
  readonly #token: string | null;
  readonly #deadlineMs: number;

  /**
   * `deadlineMs`: for each answer, or the head of a stream. Throws a CommandFailure for an address or a token file
   * that cannot be used.
   */
  constructor(options: RemoteOptions, env: Environment, deadlineMs: number = DEADLINE_MS) {
    this.#deadlineMs = deadlineMs;
    this.#base = baseOf(options.url ?? listenOf(env) ?? DEFAULT_URL);
    this.#token =
      options.tokenFile === undefined ? (env['VEDETTE_API_TOKEN'] ?? null) : tokenOf(options.tokenFile);
  }

  get base(): string {
    return this.#base;
  }

  /** The JSON of a good answer. Rejects with a CommandFailure. */
  get<T>(path: string): Promise<T> {
    return this.#json<T>(path, { method: 'GET', headers: {} });
  }

  /** Rejects with a CommandFailure. */
  post<T>(path: string, body: unknown = {}): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    return this.#json<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Lines of a stream until `signal`. Rejects with a CommandFailure if it cannot begin or is cut off. */
  async *lines(
    path: string,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): AsyncGenerator<string> {
    const late = this.#deadline();
    let answer: IncomingMessage;
    try {
      answer = await this.#ask(path, { method: 'GET', headers }, AbortSignal.any([signal, late.signal]));
    } catch (error) {
      if (signal.aborted) return;
      throw this.#failure(error, late.signal);
    } finally {
      // Until the head of the answer there is a deadline; after it there is `signal` alone.
      late.cancel();
    }
    let rest = '';
    answer.setEncoding('utf8');
    try {
      for await (const chunk of answer) {
        const parts = `${rest}${String(chunk)}`.split('\n');
        rest = parts.pop() ?? '';
        yield* parts;
      }
    } catch (error) {
      if (signal.aborted) return;
      throw gone(this.#base, error);
    }
    if (!signal.aborted) throw gone(this.#base, new Error('the stream ended'));
  }

  async #json<T>(path: string, init: Omit<Ask, 'signal'>): Promise<T> {
    const late = this.#deadline();
    try {
      return JSON.parse(await textOf(await this.#ask(path, init, late.signal))) as T;
    } catch (error) {
      throw this.#failure(error, late.signal);
    } finally {
      late.cancel();
    }
  }

  /** Resolves with a good answer, whose body is still to be read. */
  async #ask(path: string, init: Omit<Ask, 'signal'>, signal: AbortSignal): Promise<IncomingMessage> {
    const token = this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
    const answer = await askHttp(`${this.#base}${path}`, {
      ...init,
      headers: { ...init.headers, ...token },
      signal,
    });
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw refused(statusCode, await textOf(answer));
  }

  #deadline(): { readonly signal: AbortSignal; readonly cancel: () => void } {
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(new Error(`no answer within ${this.#deadlineMs / 1_000} s`));
    }, this.#deadlineMs);
    return {
      signal: late.signal,
      cancel: () => {
        clearTimeout(timer);
      },
    };
  }

  #failure(error: unknown, late: AbortSignal): CommandFailure {
    if (error instanceof CommandFailure) return error;
    return gone(this.#base, late.aborted ? late.reason : error);
  }
}

function baseOf(text: string): string {
  const url = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandFailure(EXIT.usage, `--url ${text.slice(0, 80)} is no address`, 'Give http://HOST:PORT');
  }
  return new URL(url).origin;
}

/** Where `vedette run` of the same environment listens. */
function listenOf(env: Environment): string | null {
  const listen = env['VEDETTE_LISTEN'];
  return listen === undefined || listen === '' || listen === 'none' ? null : listen;
}

/** The first that is not a comment. */
function tokenOf(file: string): string {
  try {
    // As the operator reads the same file.
    const lines = readFileSync(file, 'utf8').split('\n');
    const line = lines.map((one) => one.replace(/#.*$/, '').trim()).find((one) => one !== '');
    if (line !== undefined) return line;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(EXIT.usage, `--token-file: ${why}`, 'Name a file that holds a token');
  }
  throw new CommandFailure(
    EXIT.usage,
    `--token-file ${file} holds no token`,
    'Put a token into its first line',
  );
}

function gone(base: string, error: unknown): CommandFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why =
    code === 'ECONNREFUSED' ? 'no manager answers there' : cause instanceof Error ? cause.message : 'gone';
  const remedy = 'Start `vedette run`, or name where it listens with --url HOST:PORT';
  return new CommandFailure(EXIT.failure, `${base}: ${why}`, remedy);
}

function refused(status: number, text: string): ApiRefusal {
  const { code, detail, remedy } = problemOf(text);
  const what = code === undefined ? `HTTP status ${status}` : `${code} ${detail ?? ''}`;
  const exit = status === 400 || status === 404 ? EXIT.usage : EXIT.failure;
  return new ApiRefusal(exit, code ?? null, what, remedy);
}

function problemOf(text: string): { code?: string; detail?: string; remedy?: string } {
  try {
    return JSON.parse(text) as { code?: string; detail?: string; remedy?: string };
  } catch {
    // Whatever answered is no manager.
    return {};
  }
}
