/**
 * Keeps the stream of events open: comes back by itself, goes on where it was. Promise: what it is doing is always
 * in {@link connection}, and nothing is missed without `onHello` being told.
 */
import { signal } from '@preact/signals';
import { ApiProblem } from '../api/client.js';
import { liveEventOf, type LiveEvent } from '../api/events.js';
import { readStream, type StreamEvent } from '../api/stream.js';
import { waitBefore } from '../model/backoff.js';
import { askForToken, forgetToken, token } from './token.js';

export type Connection =
  | { readonly state: 'connecting' | 'live' | 'locked' }
  /** `retryAt`: epoch milliseconds of this machine. */
  | { readonly state: 'lost'; readonly retryAt: number; readonly why: string };

export const connection = signal<Connection>({ state: 'connecting' });

/** As the server numbers them: `LIFE-NUMBER`. */
let lastId: string | null = null;
let wake: () => void = () => undefined;

export function newestEventId(): string | null {
  return lastId;
}

export interface Listener {
  /** A stream began; `isWhole`: it went on where the one before ended. */
  readonly onHello: (isWhole: boolean) => void;
  readonly onEvent: (event: LiveEvent) => void;
}

/** Ends a wait now. */
export function retryNow(): void {
  wake();
}

/** Never ends. */
export async function keepConnected(listener: Listener): Promise<never> {
  let attempt = 0;
  for (;;) {
    const used = token.peek();
    const from = lastId;
    let why = 'Vedette ended the stream';
    try {
      connection.value = attempt === 0 ? { state: 'connecting' } : connection.peek();
      await readStream({
        path: '/api/v1/events',
        token: used,
        lastId: from,
        signal: new AbortController().signal,
        onEvent: (event) => {
          attempt = 0;
          heard(event, from, listener);
        },
      });
    } catch (error) {
      if (error instanceof ApiProblem && error.isTokenMissing) {
        await untilAnotherToken(used, error);
        attempt = 0;
        continue;
      }
      why = error instanceof ApiProblem ? error.message : 'Vedette does not answer';
    }
    const ms = waitBefore(attempt, Math.random());
    attempt += 1;
    connection.value = { state: 'lost', retryAt: Date.now() + ms, why };
    await wakenedAfter(ms);
  }
}

function heard({ id, name, data }: StreamEvent, from: string | null, { onHello, onEvent }: Listener): void {
  if (id !== null) lastId = id;
  if (name === 'hello') {
    const isWhole = from !== null && (JSON.parse(data) as { reset: unknown }).reset === null;
    connection.value = { state: 'live' };
    onHello(isWhole);
    return;
  }
  const event = liveEventOf(name, data);
  if (event !== null) onEvent(event);
}

/** What the tab had is no good any more: somebody has to give another. */
async function untilAnotherToken(used: string | null, problem: ApiProblem): Promise<void> {
  connection.value = { state: 'locked' };
  if (used !== null && token.peek() === used) forgetToken();
  if (token.peek() !== null) return;
  askForToken(used === null ? null : problem.message);
  await new Promise<void>((resolve) => {
    const stop = token.subscribe((now) => {
      if (now === null) return;
      queueMicrotask(() => {
        stop();
        resolve();
      });
    });
  });
}

function wakenedAfter(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
