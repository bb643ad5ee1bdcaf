import { expect } from 'chai';
import fc from 'fast-check';
import { CONFIG_LIMITS, ERROR_CODES } from '@vedette/contract';
import { decodeConfig } from '../src/intake/decode.js';
import { StrategyRegistry } from '../src/strategy-registry.js';
import { anEntry, bytes, KEY, probeStrategy } from './support/probe-strategy.js';

describe('decodeConfig', () => {
  const poisons: [string, Uint8Array, string][] = [
    ['text that is not JSON', bytes('not json'), 'CONFIG_NOT_JSON'],
    ['an empty body', bytes(''), 'CONFIG_NOT_JSON'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'CONFIG_NOT_JSON'],
    ['a list', bytes('[]'), 'CONFIG_WRONG_TYPE'],
    ['a bare number', bytes('7'), 'CONFIG_WRONG_TYPE'],
    ['null', bytes('null'), 'CONFIG_WRONG_TYPE'],
    ['10 MB of body', bytes(`{"a":"${'x'.repeat(10_000_000)}"}`), 'CONFIG_TOO_LARGE'],
    ['nesting of 100,000 levels', bytes(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), 'CONFIG_TOO_DEEP'],
    [
      '5,000 entries',
      bytes(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`id${i}`, anEntry(`id${i}`)]))),
      'CONFIG_TOO_MANY',
    ],
  ];
  for (const [what, content, code] of poisons) {
    it(`refuses ${what} as a whole with ${code}`, () => {
      const { message, refusals } = decodeConfig('node', KEY, content);
      expect(message).to.equal(null);
      expect(refusals.map((one) => one.code)).to.deep.equal([code]);
      expect(refusals[0]?.remedy).to.equal(ERROR_CODES[code as keyof typeof ERROR_CODES][1]);
    });
  }

  it('refuses prototype keys as ids and as fields, and keeps the neighbours', () => {
    const text = `{"__proto__":{"id":"x"},"constructor":{"id":"x"},"good":${JSON.stringify(anEntry('good'))},"bad":{"__proto__":{"isAdmin":true}}}`;
    const { message, refusals } = decodeConfig('node', KEY, bytes(text));
    expect(Object.keys(message?.body ?? {})).to.deep.equal(['good']);
    expect(refusals.map((one) => one.code)).to.deep.equal(Array(3).fill('CONFIG_FORBIDDEN_KEY'));
    expect(({} as Record<string, unknown>)['isAdmin']).to.equal(undefined);
  });

  it('drops DEFAULT whatever it holds', () => {
    const { message, refusals } = decodeConfig(
      'node',
      KEY,
      bytes({ DEFAULT: anEntry('DEFAULT'), a: anEntry('a') }),
    );
    expect(Object.keys(message?.body ?? {})).to.deep.equal(['a']);
    expect(refusals).to.deep.equal([]);
  });

  it('refuses ids with control characters or beyond 300 characters', () => {
    const { message, refusals } = decodeConfig(
      'node',
      KEY,
      bytes({ 'a\u001b[2J': anEntry('a'), ['x'.repeat(301)]: anEntry('b') }),
    );
    expect(message?.body).to.deep.equal({});
    expect(refusals.map((one) => one.code)).to.deep.equal(['CONFIG_INVALID_FIELD', 'CONFIG_INVALID_FIELD']);
    expect(refusals[0]?.reason).to.not.include('\u001b');
  });

  it('holds its limits in 10,000 generated bodies: never throws, every refusal coded, parse never throws', () => {
    const registry = new StrategyRegistry([probeStrategy]);
    const field = fc.oneof(
      fc.string(),
      fc.jsonValue(),
      fc.constantFrom('true', 'yes', 'http://h', 'file:///x', ''),
    );
    const entry = fc.oneof(
      fc.record(
        { id: field, parent_id: field, name: field, node_http_url: field, monitor_node: field, extra: field },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    );
    const body = fc.oneof(
      fc
        .dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'DEFAULT')), entry, { maxKeys: 4 })
        .map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(body, (text) => {
        const { message, refusals } = decodeConfig('node', KEY, bytes(text));
        for (const one of refusals) expect(one.code in ERROR_CODES).to.equal(true);
        if (message === null) return;
        expect(Object.keys(message.body).length).to.be.at.most(CONFIG_LIMITS.maxEntries);
        const parsed = registry.parse(message);
        for (const one of parsed.refusals) expect(one.code in ERROR_CODES).to.equal(true);
        for (const spec of parsed.specs) expect(spec.id).to.match(/^probe:/);
        const ids = new Set([...parsed.refusals.map((one) => one.configId), ...parsed.unwatched]);
        for (const spec of parsed.specs) ids.add(spec.origin.configId);
        for (const configId of Object.keys(message.body)) expect(ids.has(configId)).to.equal(true);
      }),
      { numRuns: 10_000 },
    );
  }).timeout(60_000);
});
