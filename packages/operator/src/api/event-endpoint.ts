/** `GET /api/v1/events`: server-sent events. */
import { z } from 'zod';
import type { EventClients } from '../events/event-clients.js';
import { EVENT_NAMES } from '../events/schemas.js';
import { endpoint, type Endpoint } from './endpoint.js';

const query = z.strictObject({
  names: z
    .string()
    .max(1_000)
    .refine((text) => text.split(',').every((one) => EVENT_NAMES.some((known) => known === one)), {
      message: 'must be names of events, with commas between them',
    })
    .optional()
    .describe('only these, with commas between them'),
  monitor: z.string().max(2_000).optional().describe('only those about the monitor of this id'),
});

export function eventEndpoint(clients: EventClients): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/events',
    operationId: 'streamEvents',
    summary: 'What happens, as server-sent events; resumed with `Last-Event-ID`',
    need: 'read',
    query,
    answer: {
      what:
        'First `hello`, whose `reset` says why something may have been missed (null: nothing was), then events by ' +
        'their names, whose data are described under `Event.NAME`. Before the server ends the stream it sends `dropped`',
      type: 'text/event-stream',
    },
    problems: ['API_BUSY'],
    handle: ({ query: { names, monitor }, request, reply }) => {
      const lastId = request.headers['last-event-id'];
      const filter = {
        names: names === undefined ? null : new Set(names.split(',')),
        monitor: monitor ?? null,
      };
      const { raw } = reply;
      clients.makeRoom();
      reply.hijack();
      const headers = reply.getHeaders() as Record<string, string>;
      // A proxy must not gather what is meant to arrive at once.
      raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      clients.add(raw, typeof lastId === 'string' ? lastId : null, filter);
      return reply;
    },
  });
}
