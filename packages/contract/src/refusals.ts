/** Turns a schema library's complaints into coded refusals that name field, value and remedy. */
import type { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from './errors.js';
import type { Refusal } from './config-message.js';
import { describeValue, isSecretName } from './secrets.js';

/** A refusal with a code; `field` and `configId` are null where none can be named. */
export function refusal(
  code: ErrorCode,
  configId: string | null,
  field: string | null,
  reason: string,
): Refusal {
  return { code, configId, field, reason, remedy: ERROR_CODES[code][1] };
}

/** One refusal per issue of a failed parse of `input`. */
export function refusalsOf(configId: string | null, error: z.ZodError, input: unknown): Refusal[] {
  return error.issues.map((issue) => {
    const path = issue.path.map(String);
    const field = path.length === 0 ? null : path.join('.');
    const value = valueAt(input, path);
    const code = codeOf(issue, value, field);
    const what = field ?? 'the entry';
    const reason =
      code === 'CONFIG_MISSING_FIELD'
        ? `${what} is missing`
        : `${what}: ${issue.message}; got ${isSecretName(path.at(-1)) ? 'a secret' : describeValue(value)}`;
    return refusal(code, configId, field, reason);
  });
}

function codeOf(issue: z.core.$ZodIssue, value: unknown, field: string | null): ErrorCode {
  if (issue.code === 'custom' && issue.params?.['code'] === 'CONFIG_INVALID_URL') return 'CONFIG_INVALID_URL';
  if (field === null) return 'CONFIG_WRONG_TYPE';
  return value === undefined ? 'CONFIG_MISSING_FIELD' : 'CONFIG_INVALID_FIELD';
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
