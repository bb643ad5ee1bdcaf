/** The API against its own document: what it says it answers is all it ever answers. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGIES } from '@vedette/cli/kinds';
import { fixedToken } from '../src/index.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';
import { operationsOf, requestOf, type Made } from './support/request-maker.js';

const TOKEN = 'a-token-of-the-tests-0123456789';
const KEY = 'chains.chainlink.testnet.evm_nodes_config';
const RUNS = 5_000;
/** A stream has no end to wait for. */
const isStream = (path: string): boolean => path.endsWith('/events');

describe('the API and its OpenAPI document', () => {
  let under: TestOperator;
  before(async () => {
    under = anOperator({ tokens: fixedToken(TOKEN), allowActions: false }, STRATEGIES);
    await under.run(aSpec('a'), aSpec('b/ü <b>'), aSpec('c', { kind: 'system' }));
    under.host.round('evm-node:a', { facts: { block_height: 1 }, publishes: { confirmed: 1 } });
    under.host.round('evm-node:b/ü <b>', {
      outcome: 'failed',
      error: { code: null, name: 'E', message: 'm', details: {} },
    });
  });
  after(async () => {
    await under.stop();
  });

  const read = async () => {
    const { json } = await under.get('/api/v1/openapi.json');
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(json, 'api');
    const fits = (name: string, value: unknown): string | null => {
      const check = ajv.getSchema(`api#/components/schemas/${name}`);
      if (check === undefined) return `no schema ${name}`;
      return check(value) === true ? null : ajv.errorsText(check.errors);
    };
    return { document: json, fits, operations: operationsOf(json) };
  };

  it('is a document of OpenAPI 3.1 whose references lead somewhere', async () => {
    const { document, operations } = await read();
    expect(document.openapi).to.equal('3.1.0');
    const ids = Object.values(
      document.paths as Record<string, Record<string, { operationId: string }>>,
    ).flatMap((one) => Object.values(one).map(({ operationId }) => operationId));
    expect(new Set(ids).size).to.equal(ids.length).and.to.equal(operations.length);
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    for (const reference of references) {
      const name = /#\/components\/schemas\/([^"]+)"$/.exec(reference)?.[1] ?? reference;
      expect(document.components.schemas, reference).to.have.property(name);
    }
  });

  it(`answers ${RUNS} requests as it says, without a failure of its own`, async function () {
    this.timeout(120_000);
    const { operations, fits } = await read();
    const known = [
      'evm-node:a',
      'evm-node:b/ü <b>',
      'system:c',
      'evm-node',
      'system',
      'file',
      `node/${KEY}`,
      KEY,
      'worst',
      'running',
    ];
    const headers = fc.record(
      {
        'content-type': fc.constantFrom(
          ...Array<string>(8).fill('application/json'),
          'text/plain',
          'nonsense',
        ),
        authorization: fc.constantFrom(...Array<string>(8).fill(`Bearer ${TOKEN}`), 'Basic x'),
        host: fc.constantFrom(...Array<string>(20).fill('127.0.0.1'), 'evil.example'),
        origin: fc.constantFrom(...Array<string>(8).fill('http://127.0.0.1'), 'http://evil.example', 'null'),
        'last-event-id': fc.constantFrom('x', '1'),
      },
      { requiredKeys: ['content-type'] },
    );
    let asks = 0;
    const seen = new Map<string, number>();
    const check = async ({ operation, url, headers: sent, payload }: Made): Promise<void> => {
      const { status, json, type } = await under.ask({
        method: operation.method as 'GET',
        url,
        headers: { ...sent },
        // An address that sent ten wrong tokens is heard no more; this is about all others.
        remoteAddress: `10.0.${asks >> 8}.${asks++ & 255}`,
        ...(payload === undefined ? {} : { payload }),
      });
      const key = `${operation.method} ${operation.path} ${status}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      expect(status, `${url} ${JSON.stringify(json)}`).to.be.lessThan(500);
      expect([...operation.answers.keys()], `${key} is not listed (${url})`).to.include(status);
      const schema = operation.answers.get(status) ?? null;
      if (schema === null) return;
      expect(type).to.equal(status < 300 ? 'application/json' : 'application/problem+json');
      expect(fits(schema, json), `${key}: ${JSON.stringify(json).slice(0, 500)}`).to.equal(null);
    };
    const asked = operations.filter(({ path }) => !isStream(path));
    await fc.assert(fc.asyncProperty(requestOf(asked, known, headers), check), {
      numRuns: RUNS,
      endOnFailure: true,
    });
    // It was not all refusals.
    for (const { method, path } of asked) {
      const good = [...seen].filter(([key]) => key.startsWith(`${method} ${path} 2`));
      // These depend on what was done before.
      if (/reload|round|restart/.test(path)) continue;
      expect(good, `${method} ${path} had a good answer`).to.have.length(1);
    }
  });
});
