/** `GET /-/healthy` and `/-/ready`: for load balancers and process supervisors. They tell words, no figures. */
import type { MonitorsManager } from '@vedette/manager';
import type { FastifyInstance } from 'fastify';
import type { RouteConfig } from './gate.js';
import { isHealthy, unreadiness } from './readiness.js';

export function addHealthRoutes(server: FastifyInstance, manager: MonitorsManager): void {
  const config: RouteConfig = { need: 'open' };
  server.get('/-/healthy', { config }, (_request, reply) => {
    const isFine = isHealthy(manager);
    return reply
      .code(isFine ? 200 : 503)
      .type('text/plain')
      .send(isFine ? 'healthy\n' : 'the manager is stopped\n');
  });
  server.get('/-/ready', { config }, (_request, reply) => {
    const { state, intake, broker } = manager;
    const missing = unreadiness({ state, isReading: intake.isReading, link: broker.link });
    const isReady = missing.length === 0;
    return reply
      .code(isReady ? 200 : 503)
      .type('text/plain')
      .send(isReady ? 'ready\n' : `not ready: ${missing.join(', ')}\n`);
  });
}
