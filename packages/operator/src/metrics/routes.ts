/** `GET /metrics`, and a count of every answer by the route that gave it. */
import type { FastifyInstance } from 'fastify';
import type { RouteConfig } from '../gate.js';
import { CONTENT_TYPE } from './exposition.js';
import type { Metrics } from './metrics.js';

export function addMetricsRoutes(server: FastifyInstance, metrics: Metrics): void {
  const config: RouteConfig = { need: 'read' };
  server.get('/metrics', { config }, async (_request, reply) => {
    return reply.type(CONTENT_TYPE).send(await metrics.render());
  });
  server.addHook('onResponse', async (request, reply) => {
    // The pattern, never the path: there is no end of paths.
    const route = request.routeOptions.url ?? 'none';
    metrics.instruments.requests.inc({ route, status: String(reply.statusCode) });
  });
}
