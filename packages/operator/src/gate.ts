/** The server's door: each request is judged before anything of it is read, and each answer carries its headers. */
import { isIPv6 } from 'node:net';
import { VedetteError, type Clock, type ErrorCode } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusalFor, type Caller, type Need, type Policy } from './access.js';
import { FailureLimit } from './failure-limit.js';
import type { Tokens } from './tokens.js';

/** What a route says about itself to the gate. */
export interface RouteConfig {
  readonly need: Need;
}

export interface GateOptions {
  readonly tokens: Tokens;
  readonly allowActions: boolean;
  readonly isLoopback: boolean;
  readonly clock: Clock;
}

/** Nothing is loaded from elsewhere, nothing may frame it, no form leads anywhere. */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const DETAILS: Partial<Record<ErrorCode, string>> = {
  API_TOKEN_REQUIRED: 'no bearer token was sent',
  API_BAD_TOKEN: 'the bearer token sent is not accepted',
  API_ACTIONS_NOT_ALLOWED: 'this changes something, and no token was set',
  API_FOREIGN_HOST: 'the Host header is not one of this machine',
  API_FOREIGN_ORIGIN: 'the request was made by a page of another site',
};

export function guard(server: FastifyInstance, options: GateOptions): void {
  const { tokens, allowActions, isLoopback, clock } = options;
  const limit = new FailureLimit(clock);
  const policy: Policy = { isLoopback, hasTokens: tokens.areUsed, allowActions };

  server.addHook('onRequest', async (request, reply) => {
    headers(reply);
    // A target with a host of its own is for proxies; its host would not be the one that is judged.
    if (!request.url.startsWith('/')) throw new VedetteError('API_BAD_REQUEST', 'the target is no path');
    const address = groupOf(request.ip);
    const given = bearerOf(request);
    if (given !== null) {
      const waitSeconds = limit.waitSeconds(address);
      if (waitSeconds > 0) {
        reply.header('retry-after', String(waitSeconds));
        throw new VedetteError(
          'API_TOO_MANY_FAILURES',
          `tokens of this address are heard again in ${waitSeconds} s`,
        );
      }
    }
    const token = given === null ? 'none' : given !== '' && tokens.accepts(given) ? 'good' : 'bad';
    if (token === 'bad') limit.failed(address);
    const code = refusalFor(needOf(request), callerOf(request, token), policy);
    if (code === null) return;
    if (code === 'API_TOKEN_REQUIRED' || code === 'API_BAD_TOKEN') {
      reply.header('www-authenticate', 'Bearer realm="vedette"');
    }
    throw new VedetteError(code, DETAILS[code] ?? code);
  });
}

/** A path nobody answers is judged as if it showed something: strangers do not learn which paths there are. */
function needOf({ routeOptions }: FastifyRequest): Need {
  return (routeOptions.config as Partial<RouteConfig>).need ?? 'read';
}

/** Null if no token was sent; empty text for an Authorization that holds none. */
function bearerOf({ headers: { authorization } }: FastifyRequest): string | null {
  if (authorization === undefined) return null;
  return /^bearer +([\x21-\x7e]+) *$/i.exec(authorization)?.[1] ?? '';
}

function callerOf({ headers: sent }: FastifyRequest, token: Caller['token']): Caller {
  const fetchSite = sent['sec-fetch-site'];
  return {
    token,
    hostHeader: sent.host,
    origin: sent.origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
  };
}

/** One who has an IPv6 network has many addresses. */
function groupOf(ip: string): string {
  return isIPv6(ip) && !ip.startsWith('::ffff:') ? ip.split(':').slice(0, 4).join(':') : ip;
}

function headers(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': CONTENT_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  });
}
