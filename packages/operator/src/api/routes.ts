/** Makes routes of the server of the API's operations. */
import type { FastifyInstance } from 'fastify';
import type { RouteConfig } from '../gate.js';
import type { Endpoint } from './endpoint.js';
import { openApiDocument } from './openapi.js';

export function addApiRoutes(server: FastifyInstance, endpoints: readonly Endpoint[], version: string): void {
  for (const one of endpoints) {
    const config: RouteConfig = { need: one.need };
    server.route({
      method: one.method,
      url: one.path.replace(/\{(\w+)\}/g, ':$1'),
      config,
      exposeHeadRoute: false,
      ...(one.bodyLimit === undefined ? {} : { bodyLimit: one.bodyLimit }),
      schema: {
        ...(one.params === undefined ? {} : { params: one.params }),
        ...(one.query === undefined ? {} : { querystring: one.query }),
        ...(one.body === undefined ? {} : { body: one.body }),
      },
      handler: async (request, reply) => {
        const { params, query, body } = request;
        const answer = await one.handle({ params, query, body, request, reply });
        if (reply.sent) return reply;
        return reply
          .code(one.status ?? 200)
          .type('application/json')
          .send(JSON.stringify(answer));
      },
    });
  }
  const document = JSON.stringify(openApiDocument(endpoints, version));
  const config: RouteConfig = { need: 'read' };
  server.get('/api/v1/openapi.json', { config, exposeHeadRoute: false }, (_request, reply) =>
    reply.type('application/json').send(document),
  );
}
