/** Asks the API. Promise: every answer that is no success becomes an {@link ApiProblem}, every wait ends. */
import { token } from '../live/token.js';

const DEADLINE_MS = 15_000;

/** RFC 9457, as the server sends it; status 0: no answer at all. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
    message: string,
    readonly remedy: string | null,
  ) {
    super(message);
  }

  get isTokenMissing(): boolean {
    return this.status === 401;
  }
}

export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, { headers: headersWith(token.value) }, signal);
}

export function postJson(path: string, bearer = token.value): Promise<unknown> {
  const headers = { ...headersWith(bearer), 'content-type': 'application/json' };
  return ask(path, { method: 'POST', headers, body: '{}' });
}

/** Whether the server takes this token; rejects with an {@link ApiProblem} if not. */
export async function tryToken(bearer: string): Promise<void> {
  await ask('/api/v1/status', { headers: headersWith(bearer) });
}

export function headersWith(bearer: string | null): Record<string, string> {
  return bearer === null ? {} : { authorization: `Bearer ${bearer}` };
}

async function ask<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: ended });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiProblem(
      0,
      null,
      'Vedette does not answer',
      'Is it running? The page tries again by itself.',
    );
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const told = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (field: string): string | null => {
    const value = told[field];
    return typeof value === 'string' ? value : null;
  };
  const message = text('detail') ?? text('title') ?? `the server answered ${response.status}`;
  return new ApiProblem(response.status, text('code'), message, text('remedy'));
}
