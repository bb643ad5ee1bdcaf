/** Settings pieces of kinds that watch a repository. Main thread only. */
import { z } from 'zod';

/** A URL with `places` times `{}` in it, as PANIC's templates of the environment. */
export function urlTemplate(places: number): z.ZodType<string> {
  return z
    .string()
    .max(2_000)
    .superRefine((text, context) => {
      const found = text.split('{}').length - 1;
      const filled = text.replaceAll('{}', 'x');
      if (!/^https?:\/\/[^/]/i.test(filled) || !URL.canParse(filled)) {
        context.addIssue({
          code: 'custom',
          message: 'must be a complete http:// or https:// URL',
          params: { code: 'CONFIG_INVALID_URL' },
        });
      } else if (found !== places) {
        context.addIssue({ code: 'custom', message: `must hold {} ${places === 1 ? 'once' : 'twice'}` });
      }
    });
}

/** One or more path segments: no dots that would lead elsewhere, nothing that ends a path. */
export const repositoryPath = z
  .string()
  .min(1, 'must not be empty')
  .max(300, 'must be at most 300 characters')
  .regex(/^[^/\s?#\\]+(\/[^/\s?#\\]+)*$/, 'must be names with a slash between them')
  // eslint-disable-next-line no-control-regex -- control characters would corrupt logs and terminals
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'must not hold control characters')
  .refine((text) => !text.split('/').some((part) => /^\.{1,2}$/.test(part)), 'must not hold . or ..');
