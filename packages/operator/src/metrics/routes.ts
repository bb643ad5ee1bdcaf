/** `GET /metrics`, and a count of every answer by the route that gave it. */
import { VedetteError } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import type { RouteConfig } from '../gate.js';
import { CONTENT_TYPE } from './exposition.js';
import type { Metrics } from './metrics.js';

const MAX_PAGES = 10;

export function addMetricsRoutes(server: FastifyInstance, metrics: Metrics): void {
  const config: RouteConfig = { need: 'read' };
  let underWay = 0;
  server.get('/metrics', { config }, async (_request, reply) => {
    // A page has megabytes, and is held until its reader has it.
    if (underWay >= MAX_PAGES)
      throw new VedetteError('API_BUSY', `${MAX_PAGES} pages are being read already`);
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
    });
    return reply.type(CONTENT_TYPE).send(await metrics.render());
  });
  server.addHook('onResponse', async (request, reply) => {
    // The pattern, never the path: there is no end of paths.
    const route = request.routeOptions.url ?? 'none';
    metrics.instruments.requests.inc({ route, status: String(reply.statusCode) });
  });
}
