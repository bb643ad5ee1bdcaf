/** Bodies of requests: JSON only, without prototypes to touch, and not deeper than a config may be. */
import { CONFIG_LIMITS, VedetteError } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';

/** Around the config stand two levels of its own. */
const MAX_DEPTH = CONFIG_LIMITS.maxDepth + 4;

/** What a page of another site can send without asking first is not among what is read. */
export function readJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    void parse(request, body as string, (error, value: unknown) => {
      if (error !== null) done(error);
      else if (isShallow(value)) done(null, value);
      else done(new VedetteError('API_BAD_REQUEST', `the body is nested deeper than ${MAX_DEPTH} levels`));
    });
  });
}

/** Level by level: depth itself must not exhaust the stack. */
function isShallow(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
  return true;
}
