/** Properties of the Prometheus parser over 16,000 generated texts. */
import { expect } from 'chai';
import fc from 'fast-check';
import { parsePrometheusText } from '../../src/sources/prometheus-text.js';

/** One legal sample line and what has to come of it. */
interface Line {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly text: string;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_';
const word = (first: string, more: string) =>
  fc
    .tuple(fc.constantFrom(...first), fc.string({ unit: fc.constantFrom(...more), maxLength: 12 }))
    .map((parts) => parts.join(''));
const metricName = word(`${letters}:`, `${letters}:0123456789`);
const labelName = word(letters, `${letters}0123456789`);
const blanks = fc.constantFrom('', ' ', '\t', '  ');
const gap = fc.constantFrom(' ', '\t', '   ');
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e300, 5e-324),
);
// Anything but what the text format cannot hold on one line unescaped.
const labelValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'"\\\n{},=# a\r\u2028') }),
);

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function valueText(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '+Inf' : '-Inf';
  return Object.is(number, -0) ? '-0' : String(number);
}

const line: fc.Arbitrary<Line> = fc
  .record({
    name: metricName,
    pairs: fc.uniqueArray(fc.tuple(labelName, labelValue), { selector: ([name]) => name, maxLength: 4 }),
    value,
    before: blanks,
    inside: blanks,
    after: gap,
    comma: fc.constantFrom('', ','),
    tail: fc.constantFrom('', ' 1700000000000', ' # {trace_id="a b"} 0.5 17', '\t-3 # {} 1', '\r'),
  })
  .map(({ name, pairs, value: number, before, inside, after, comma, tail }) => {
    const inner = pairs.map(
      ([label, text]) => `${inside}${label}${inside}=${inside}"${escaped(text)}"${inside}`,
    );
    const braces = pairs.length === 0 ? '' : `${before}{${inner.join(',')}${comma}${inside}}`;
    const text = `${before}${name}${braces}${after}${valueText(number)}${tail}`;
    return { name, labels: Object.fromEntries(pairs), value: number, text };
  });

/** Samples per name as the parser has to give them, in order. */
function grouped(lines: readonly Line[]): [string, { labels: Record<string, string>; value: number }[]][] {
  const groups = new Map<string, { labels: Record<string, string>; value: number }[]>();
  for (const { name, labels, value: number } of lines) {
    groups.set(name, [...(groups.get(name) ?? []), { labels: { ...labels }, value: number }]);
  }
  return [...groups];
}

describe('parsePrometheusText, fuzzed', function () {
  this.timeout(120_000);

  it('never throws, whatever the text', () => {
    const characters = fc.constantFrom(
      ...'ab_:01{}"\\=,#.+-eE NaIinf\t\r\n',
      '# TYPE ',
      ' counter\n',
      'é',
      '\0',
      '\ud800',
    );
    const text = fc.oneof(fc.string({ unit: characters, maxLength: 200 }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, fc.option(fc.array(metricName), { nil: undefined }), (input, wanted) => {
        const result = parsePrometheusText(input, wanted === undefined ? undefined : new Set(wanted));
        for (const name of result.samples.keys()) expect(name).to.match(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
        if (wanted !== undefined) expect(wanted).to.include.members([...result.samples.keys()]);
      }),
      { numRuns: 6_000 },
    );
  });

  it('gives back every sample of a legal text', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const result = parsePrometheusText(lines.map(({ text }) => text).join('\n'));
        expect(result.badLines).to.equal(0);
        expect(result.sampleLines).to.equal(lines.length);
        expect([...result.samples]).to.deep.equal(grouped(lines));
      }),
      { numRuns: 4_000 },
    );
  });

  it('gives the same for wanted names as without a filter', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.infiniteStream(fc.boolean()), (lines, choices) => {
        const chosen = lines.filter(() => choices.next().value);
        const wanted = new Set(chosen.map(({ name }) => name));
        const result = parsePrometheusText(lines.map(({ text }) => text).join('\n'), wanted);
        expect([...result.samples]).to.deep.equal(grouped(lines.filter(({ name }) => wanted.has(name))));
        expect(result.sampleLines).to.equal(lines.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('loses only the mutated lines of a mutated text', () => {
    const mutation = fc.record({
      at: fc.nat(),
      cut: fc.integer({ min: 0, max: 8 }),
      insert: fc.string({ unit: fc.constantFrom(...'{}"\\,=# 0aé'), maxLength: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        mutation,
        (lines, pick, change) => {
          const target = pick % lines.length;
          const old = lines[target]?.text ?? '';
          const at = change.at % (old.length + 1);
          const mutated = old.slice(0, at) + change.insert + old.slice(at + change.cut);
          const texts = lines.map(({ text }, index) => (index === target ? mutated : text));
          // What the mutated line says by itself is its own affair; all others must come through.
          const alone = parsePrometheusText(mutated);
          const result = parsePrometheusText(texts.join('\n'));
          const others = lines.filter((_line, index) => index !== target);
          expect(result.sampleLines).to.equal(others.length + alone.sampleLines);
          const names = new Set([...result.samples.keys()].filter((name) => !alone.samples.has(name)));
          expect([...result.samples].filter(([name]) => names.has(name))).to.deep.equal(
            grouped(others).filter(([name]) => names.has(name)),
          );
          for (const [name, samples] of grouped(others)) {
            expect(result.samples.get(name)?.length).to.equal(
              samples.length + (alone.samples.get(name)?.length ?? 0),
            );
          }
        },
      ),
      { numRuns: 4_000 },
    );
  });
});
