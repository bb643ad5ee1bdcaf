/** The OpenAPI 3.1 document, made from the very schemas that validate. Pure. */
import type { ErrorCode, JsonObject } from '@vedette/contract';
import { z } from 'zod';
import { EVENTS } from '../events/schemas.js';
import { PROBLEM_TYPE, problemSchema, statusOfCode } from '../problem.js';
import type { Endpoint } from './endpoint.js';
import { name, named } from './registry.js';

name('Problem', problemSchema);
for (const [event, schema] of Object.entries(EVENTS)) name(`Event.${event}`, schema);

/** What every operation can answer with. */
const ALWAYS: readonly ErrorCode[] = [
  'API_BAD_REQUEST',
  'API_TOKEN_REQUIRED',
  'API_BAD_TOKEN',
  'API_FOREIGN_HOST',
  'API_TOO_MANY_FAILURES',
];
const OF_ACTIONS: readonly ErrorCode[] = [
  'API_ACTIONS_NOT_ALLOWED',
  'API_FOREIGN_ORIGIN',
  'API_TOO_LARGE',
  'API_UNSUPPORTED_TYPE',
];

export function openApiDocument(endpoints: readonly Endpoint[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const one of endpoints) {
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: operationOf(one) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vedette',
      version,
      description:
        'What an operator sees and does. Actions need a bearer token, unless Vedette listens on loopback and was started with --allow-actions; reading needs one where it does not listen on loopback.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: schemas(),
    },
  };
}

function operationOf({
  operationId,
  summary,
  need,
  params,
  query,
  body,
  status = 200,
  answer,
  problems = [],
}: Endpoint): JsonObject {
  const codes = [...ALWAYS, ...(need === 'act' ? OF_ACTIONS : []), ...problems];
  const { what, schema, type = 'application/json' } = answer;
  const content = { [type]: { schema: schema === undefined ? { type: 'string' } : reference(schema) } };
  return {
    operationId,
    summary,
    ...(need === 'act' ? { security: [{ token: [] }, {}] } : {}),
    parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } } }),
    responses: { [String(status)]: { description: what, content }, ...problemAnswers(codes) },
  };
}

function problemAnswers(codes: readonly ErrorCode[]): JsonObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes)
    byStatus.set(statusOfCode(code), [...(byStatus.get(statusOfCode(code)) ?? []), code]);
  const ordered = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    ordered.map(([status, of]) => [
      String(status),
      {
        description: [...new Set(of)].join(', '),
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function parametersOf(place: 'path' | 'query', object: z.ZodObject | undefined): JsonObject[] {
  if (object === undefined) return [];
  const { properties, required } = z.toJSONSchema(object, { io: 'input' });
  return Object.entries(properties ?? {}).map(([parameter, schema]) => {
    const { description, ...plain } = schema as { description?: string };
    return {
      name: parameter,
      in: place,
      required: place === 'path' || (required ?? []).includes(parameter),
      ...(description === undefined ? {} : { description }),
      schema: plain,
    };
  });
}

function reference(schema: z.ZodType): JsonObject {
  const id = named.get(schema)?.id;
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  const { $schema: _draft, ...plain } = z.toJSONSchema(schema, { io: 'input' });
  return plain as JsonObject;
}

function schemas(): JsonObject {
  const all = z.toJSONSchema(named, { io: 'input', uri: (id) => `#/components/schemas/${id}` }).schemas;
  return Object.fromEntries(
    Object.entries(all).map(([id, schema]) => {
      const { $schema: _draft, $id: _id, ...plain } = schema;
      return [id, plain as JsonObject];
    }),
  );
}
