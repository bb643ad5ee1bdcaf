/** What both kinds read of a node in PANIC's form. Main thread only. */
import { panicUrl } from '@vedette/contract/strategy';
import type { z } from 'zod';

/** The URL without blanks around it; what is wrong with it becomes an issue of its field. */
export function panicSourceUrl(text: string, field: string, context: z.RefinementCtx): string {
  const url = text.trim();
  const problem = panicUrl.safeParse(url).error?.issues[0];
  if (problem !== undefined) {
    const params = { code: 'CONFIG_INVALID_URL' };
    context.addIssue({ code: 'custom', message: problem.message, path: [field], params });
  }
  return url;
}
