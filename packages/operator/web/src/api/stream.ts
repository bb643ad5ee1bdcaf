/**
 * Reads server-sent events over fetch: `EventSource` can send no token. Promise: one read ends by itself when the
 * server has been silent for longer than it ever is.
 */
import { createParser } from 'eventsource-parser';
import { headersWith, problemOf } from './client.js';

/** The server sends a comment at least every 15 s. */
const SILENCE_MS = 40_000;

export interface StreamEvent {
  readonly id: string | null;
  readonly name: string;
  readonly data: string;
}

export interface StreamRequest {
  readonly path: string;
  readonly token: string | null;
  /** Of the last event that was got; the server goes on after it. */
  readonly lastId: string | null;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StreamEvent) => void;
}

/** Resolves when the server ended it; rejects with an ApiProblem, or when the way is cut. */
export async function readStream({ path, token, lastId, signal, onEvent }: StreamRequest): Promise<void> {
  const silence = new AbortController();
  const timer = watchdog(() => {
    silence.abort(new Error('nothing was heard for too long'));
  });
  try {
    const response = await fetch(path, {
      headers: {
        accept: 'text/event-stream',
        ...headersWith(token),
        ...(lastId === null ? {} : { 'last-event-id': lastId }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || response.body === null) throw await problemOf(response);
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        onEvent({ id: id ?? null, name: event ?? 'message', data });
      },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      timer.again();
      parser.feed(value);
    }
  } finally {
    timer.stop();
  }
}

function watchdog(onSilence: () => void): { readonly again: () => void; readonly stop: () => void } {
  let timer = setTimeout(onSilence, SILENCE_MS);
  const stop = (): void => {
    clearTimeout(timer);
  };
  return {
    stop,
    again() {
      stop();
      timer = setTimeout(onSilence, SILENCE_MS);
    },
  };
}
