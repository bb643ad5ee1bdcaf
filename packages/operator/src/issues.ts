/** What is wrong with a request, in one sentence: field, complaint, value. Secrets are masked. Pure. */
import { describeValue, isSecretName } from '@vedette/contract';
import type { z } from 'zod';

const MAX_SHOWN = 3;

export function describeIssues(error: z.ZodError, input: unknown, part: string): string {
  const sentences = error.issues.slice(0, MAX_SHOWN).map((issue) => {
    const path = issue.path.map(String);
    const value = valueAt(input, path);
    const shown = path.some((name) => isSecretName(name)) ? 'a secret' : describeValue(value);
    return `${[part, ...path].join('.').slice(0, 100)}: ${issue.message.slice(0, 100)}; got ${shown}`;
  });
  const more = error.issues.length - sentences.length;
  return sentences.join('. ') + (more > 0 ? `, and ${more} more` : '');
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
