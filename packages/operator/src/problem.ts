/** Problem answers (RFC 9457) with our codes. Promise: nothing a client sent is repeated unmasked. */
import {
  ERROR_CODES,
  isVedetteError,
  maskText,
  printable,
  VedetteError,
  type ErrorCode,
} from '@vedette/contract';
import { z } from 'zod';

export const PROBLEM_TYPE = 'application/problem+json';

export const problemSchema = z.strictObject({
  type: z.string().describe('urn:vedette:error: and the code'),
  title: z.string().describe('what the code means'),
  status: z.int(),
  code: z.string().describe('see ERRORS.md'),
  detail: z.string().describe('what happened here'),
  remedy: z.string().describe('what to do next'),
});

export type Problem = z.infer<typeof problemSchema>;

/** Statuses of codes an answer can carry; all others are defects: 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  API_BAD_REQUEST: 400,
  CONFIG_UNKNOWN_ROUTING_KEY: 400,
  API_TOKEN_REQUIRED: 401,
  API_BAD_TOKEN: 401,
  API_ACTIONS_NOT_ALLOWED: 403,
  API_FOREIGN_ORIGIN: 403,
  API_NOT_FOUND: 404,
  MONITOR_UNKNOWN_ID: 404,
  CONFIG_UNKNOWN_KIND: 404,
  API_METHOD_NOT_ALLOWED: 405,
  MONITOR_NOT_RUNNING: 409,
  MONITOR_PAUSED: 409,
  MANAGER_OWNS_FILE: 409,
  MANAGER_OWNS_NO_FILE: 409,
  API_TOO_LARGE: 413,
  API_UNSUPPORTED_TYPE: 415,
  API_FOREIGN_HOST: 421,
  API_TOO_MANY_FAILURES: 429,
  API_BUSY: 503,
  MANAGER_NOT_RUNNING: 503,
  STORE_WRITE_FAILED: 503,
};

export function statusOfCode(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

export function problemOf(error: VedetteError): Problem {
  const { code, message, remedy } = error;
  return {
    type: `urn:vedette:error:${code}`,
    title: ERROR_CODES[code][0],
    status: statusOfCode(code),
    code,
    detail: printable(maskText(message)).slice(0, 500),
    remedy,
  };
}

/** Of the framework's own errors, the code of ours that says the same. */
const FRAMEWORK: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['API_BAD_REQUEST', 'the request is malformed'],
  404: ['API_NOT_FOUND', 'there is nothing at this path'],
  413: ['API_TOO_LARGE', 'the body exceeds what this path takes'],
  414: ['API_BAD_REQUEST', 'the path is too long'],
  415: ['API_UNSUPPORTED_TYPE', 'the body is not of type application/json'],
};

/** Anything thrown while a request is served; what is not known is API_FAILED, without its words. */
export function codedError(thrown: unknown): VedetteError {
  if (isVedetteError(thrown)) return thrown;
  const status = (thrown as { readonly statusCode?: unknown }).statusCode;
  const known = typeof status === 'number' ? FRAMEWORK[status] : undefined;
  if (known !== undefined) return new VedetteError(known[0], known[1]);
  return new VedetteError('API_FAILED', 'the request failed; the log of Vedette says why', { cause: thrown });
}
