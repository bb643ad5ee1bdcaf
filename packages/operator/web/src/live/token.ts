/** The token of this tab. Promise: it is kept in the session's storage only, and goes nowhere but to this server. */
import { signal } from '@preact/signals';

const KEY = 'vedette.token';

export const token = signal<string | null>(sessionStorage.getItem(KEY));

export interface TokenWish {
  /** Why it is asked for; null for the first time. */
  readonly problem: string | null;
  /** Runs once there is one that the server takes. */
  readonly then: (() => void) | null;
}

/** Null: nobody asks for a token. */
export const tokenWish = signal<TokenWish | null>(null);

/** A second wish for reading does not push aside one that an action waits for. */
export function askForToken(problem: string | null, then: (() => void) | null = null): void {
  if (tokenWish.peek() === null || then !== null) tokenWish.value = { problem, then };
}

export function keepToken(text: string): void {
  sessionStorage.setItem(KEY, text);
  token.value = text;
  const wish = tokenWish.peek();
  tokenWish.value = null;
  wish?.then?.();
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
  token.value = null;
}
