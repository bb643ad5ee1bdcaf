/** Requests from an OpenAPI document: such as it describes, and such as it does not. For fast-check. */
import fc, { type Arbitrary } from 'fast-check';
import type { JsonObject } from '@vedette/contract';

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: JsonObject;
  }[];
  readonly body: JsonObject | null;
  /** Status to the name of its schema, or null for what is no JSON. */
  readonly answers: ReadonlyMap<number, string | null>;
}

export interface Made {
  readonly operation: Operation;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | undefined;
}

type Document = {
  readonly paths: Record<string, Record<string, JsonObject>>;
  readonly components: { readonly schemas: Record<string, JsonObject> };
};

export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { parameters, requestBody, responses } = operation as unknown as {
        parameters: Operation['parameters'];
        requestBody?: { content: Record<string, { schema: JsonObject }> };
        responses: Record<string, { content: Record<string, { schema: JsonObject }> }>;
      };
      const answers = Object.entries(responses).map(([status, { content }]): [number, string | null] => {
        const reference = Object.values(content)[0]?.schema['$ref'];
        return [
          Number(status),
          typeof reference === 'string' ? reference.replace('#/components/schemas/', '') : null,
        ];
      });
      const body = requestBody?.content['application/json']?.schema ?? null;
      const reference = body?.['$ref'];
      const resolved =
        typeof reference === 'string' ? document.components.schemas[reference.split('/').at(-1) ?? ''] : body;
      return {
        method: method.toUpperCase(),
        path,
        parameters,
        body: resolved ?? null,
        answers: new Map(answers),
      };
    }),
  );
}

const ODD_TEXTS = [
  '',
  ' ',
  '..',
  '../../etc/passwd',
  '%',
  '%00',
  '\u0000',
  '\r\nX-Evil: 1',
  '<script>',
  '\u202e',
  '🛰',
  '__proto__',
  'null',
  "'",
  'x'.repeat(3_000),
];
const oddText = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ maxLength: 50, unit: 'binary' }));
const anyJson = fc.jsonValue({ maxDepth: 3 });

/** What the schema asks for, mostly. `known`: ids and the like that mean something. */
function valueOf(schema: JsonObject, known: readonly string[]): Arbitrary<unknown> {
  const { type, enum: words, minimum, maximum, properties, anyOf } = schema as Record<string, unknown>;
  if (Array.isArray(words)) return fc.constantFrom(...(words as unknown[]));
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as JsonObject[]).map((one) => valueOf(one, known)));
  if (type === 'integer' || type === 'number') {
    return fc.integer({ min: Number(minimum ?? -10), max: Math.min(Number(maximum ?? 100), 2_000) });
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'string') return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, oddText);
  if (type === 'object' && properties !== undefined) {
    const fields = Object.entries(properties as Record<string, JsonObject>).map(
      ([name, of]) => [name, valueOf(of, known)] as const,
    );
    const required = (schema['required'] ?? []) as string[];
    return fc.record(Object.fromEntries(fields), { requiredKeys: required });
  }
  if (type === 'object')
    return fc.dictionary(fc.constantFrom(...known, '__proto__', 'a'), anyJson, { maxKeys: 5 });
  return anyJson;
}

/** `known` ids, kinds, scopes and routing keys; `headers` one may send. */
export function requestOf(
  operations: readonly Operation[],
  known: readonly string[],
  headers: Arbitrary<Readonly<Record<string, string>>>,
): Arbitrary<Made> {
  return fc.constantFrom(...operations).chain((operation) => {
    const values = operation.parameters.map(({ schema, required }) => {
      const value = fc.oneof({ weight: 7, arbitrary: valueOf(schema, known) }, oddText);
      return required ? value : fc.option(value, { nil: undefined, freq: 1 });
    });
    const body = bodyOf(operation, known);
    const extra = fc.option(fc.tuple(oddText, oddText), { nil: null, freq: 10 });
    return fc.tuple(fc.tuple(...values), body, headers, extra).map(([given, payload, sent, more]): Made => {
      const query: string[] = more === null ? [] : [`${encoded(more[0])}=${encoded(more[1])}`];
      let url = operation.path;
      for (const [index, { name, in: place }] of operation.parameters.entries()) {
        const value = given[index];
        if (place === 'path') url = url.replace(`{${name}}`, encoded(value));
        else if (value !== undefined) query.push(`${name}=${encoded(value)}`);
      }
      return {
        operation,
        url: query.length === 0 ? url : `${url}?${query.join('&')}`,
        headers: sent,
        payload,
      };
    });
  });
}

function bodyOf({ body, method }: Operation, known: readonly string[]): Arbitrary<string | undefined> {
  if (method === 'GET') return fc.constant(undefined);
  const good = valueOf(body ?? {}, known).map((value) => JSON.stringify(value));
  const broken = fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '{"__proto__":{"a":1}}',
    '{"a":'.repeat(200),
    '\u0000',
  );
  return fc.oneof(
    { weight: 4, arbitrary: good },
    anyJson.map((value) => JSON.stringify(value)),
    broken,
  );
}

function encoded(value: unknown): string {
  return encodeURIComponent(Buffer.from(String(value)).toString());
}
