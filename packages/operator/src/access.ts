/** Who may do what over HTTP: pure decisions. Effects stand in `gate.ts`. */
import type { ErrorCode } from '@vedette/contract';
import { isLoopback } from './listen-address.js';

/** `open`: says nothing of interest. `read`: shows monitors and config. `act`: changes something. */
export type Need = 'open' | 'read' | 'act';

export interface Caller {
  readonly token: 'none' | 'good' | 'bad';
  /** As sent; undefined where an old client sent none. */
  readonly hostHeader: string | undefined;
  readonly origin: string | undefined;
  /** The browser's own word; other clients send none. */
  readonly fetchSite: string | undefined;
}

export interface Policy {
  /** The server listens where only this machine reaches it. */
  readonly isLoopback: boolean;
  readonly hasTokens: boolean;
  /** Actions without a token; counts on loopback only. */
  readonly allowActions: boolean;
}

/** Null: granted. */
export function refusalFor(need: Need, caller: Caller, policy: Policy): ErrorCode | null {
  const { token } = caller;
  if (token === 'bad') return 'API_BAD_TOKEN';
  // A page of another site can make a browser call a name that leads to this machine, but not forge a token.
  if (token === 'none' && policy.isLoopback && !isOwnHost(caller.hostHeader)) return 'API_FOREIGN_HOST';
  if (need === 'act' && isForeign(caller)) return 'API_FOREIGN_ORIGIN';
  if (need === 'open' || token === 'good') return null;
  if (need === 'read') return policy.isLoopback ? null : 'API_TOKEN_REQUIRED';
  if (policy.isLoopback && policy.allowActions) return null;
  return policy.hasTokens ? 'API_TOKEN_REQUIRED' : 'API_ACTIONS_NOT_ALLOWED';
}

function isOwnHost(header: string | undefined): boolean {
  return header === undefined || isLoopback(header.replace(/:\d*$/, ''));
}

function isForeign({ origin, fetchSite, hostHeader }: Caller): boolean {
  if (fetchSite === 'cross-site' || fetchSite === 'same-site') return true;
  if (origin === undefined) return false;
  const own = hostHeader?.toLowerCase();
  return (
    own === undefined ||
    !(origin.toLowerCase() === `http://${own}` || origin.toLowerCase() === `https://${own}`)
  );
}
