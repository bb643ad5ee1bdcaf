/** Tables of legal, renamed, broken and hostile Prometheus text. */
import { expect } from 'chai';
import { parsePrometheusText, type Sample } from '../../src/sources/prometheus-text.js';

type Plain = Record<string, (number | readonly [Readonly<Record<string, string>>, number])[]>;

/** `{name: [value, [labels, value]]}`, for short tables. */
function plain(text: string, wanted?: string[]): Plain {
  const { samples } = parsePrometheusText(text, wanted === undefined ? undefined : new Set(wanted));
  const short = ({ labels, value }: Sample) =>
    Object.keys(labels).length === 0 ? value : ([{ ...labels }, value] as const);
  return Object.fromEntries([...samples].map(([name, list]) => [name, list.map(short)]));
}

describe('parsePrometheusText', () => {
  const read: [what: string, text: string, expected: Plain][] = [
    ['an unlabelled sample', 'a 1', { a: [1] }],
    ['labels in document order', 'a{z="1",b="2"} 3', { a: [[{ z: '1', b: '2' }, 3]] }],
    ['empty braces as unlabelled', 'a{} 1\na{ } 2', { a: [1, 2] }],
    ['a trailing comma', 'a{b="c",} 1', { a: [[{ b: 'c' }, 1]] }],
    [
      'blanks and tabs wherever they may stand',
      ' \ta\t{ b = "c" , d="e" }\t 1 ',
      { a: [[{ b: 'c', d: 'e' }, 1]] },
    ],
    [
      'braces, commas, hashes and equal signs in label values',
      'a{b="}{,#=\'"} 1',
      { a: [[{ b: "}{,#='" }, 1]] },
    ],
    ['escapes in label values', String.raw`a{b="q\"s\\n\nx\t"} 1`, { a: [[{ b: 'q"s\\n\nx\\t' }, 1]] }],
    ['a label value that ends with a backslash', String.raw`a{b="c\\"} 1`, { a: [[{ b: 'c\\' }, 1]] }],
    ['empty label values', 'a{b=""} 1', { a: [[{ b: '' }, 1]] }],
    ['a label named __proto__', 'a{__proto__="x"} 1', { a: [[Object.fromEntries([['__proto__', 'x']]), 1]] }],
    [
      'metrics named like members of Object',
      'constructor 1\n__proto__ 2',
      Object.fromEntries([
        ['constructor', [1]],
        ['__proto__', [2]],
      ]),
    ],
    ['colons in names', 'a:b:c 1', { 'a:b:c': [1] }],
    [
      'numbers of all forms',
      'a 1\na -1\na +1.5\na 1e3\na 1.5E-3\na .5\na 5.\na 007',
      { a: [1, -1, 1.5, 1000, 0.0015, 0.5, 5, 7] },
    ],
    [
      'infinities',
      'a +Inf\na -Inf\na Inf\na inf\na Infinity',
      { a: [Infinity, -Infinity, Infinity, Infinity, Infinity] },
    ],
    ['timestamps, which are ignored', 'a 1 1700000000000\na{b="c"} 2 -5', { a: [1, [{ b: 'c' }, 2]] }],
    [
      'exemplars, which are ignored',
      'a{le="1"} 5 # {trace_id="x y"} 0.67 1.5\nb 1 # {} 2\nc 1 5 # {} 2',
      { a: [[{ le: '1' }, 5]], b: [1], c: [1] },
    ],
    ['carriage returns', 'a 1\r\nb 2\r\n', { a: [1], b: [2] }],
    ['text without a last newline, and many newlines', '\n\n\na 1\n\n b 2', { a: [1], b: [2] }],
    [
      'repeated samples, all of them',
      'a 1\na 2\na{b="c"} 1\na{b="c"} 2',
      { a: [1, 2, [{ b: 'c' }, 1], [{ b: 'c' }, 2]] },
    ],
    ['comments of any kind', '# a 1\n#\n# HELP a b \\n {\n# TYPE a\n# TYPE\n# EOF\na 1', { a: [1] }],
  ];
  for (const [what, text, expected] of read) {
    it(`reads ${what}`, () => {
      expect(plain(text)).to.deep.equal(expected);
      expect(parsePrometheusText(text).badLines).to.equal(0);
    });
  }

  it('reads NaN', () => {
    const { samples } = parsePrometheusText('a NaN\na nan');
    expect(samples.get('a')?.map(({ value }) => value)).to.deep.equal([NaN, NaN]);
  });

  const renamed: [what: string, text: string, expected: Plain][] = [
    ['a counter without _total', '# TYPE a counter\na 1\na{b="c"} 2', { a_total: [1, [{ b: 'c' }, 2]] }],
    ['no counter that has it', '# TYPE a_total counter\na_total 1', { a_total: [1] }],
    [
      'no sample that has it though its family lacks it',
      '# TYPE a counter\na_total 1\na_created 2',
      { a_total: [1], a_created: [2] },
    ],
    [
      'no gauge, summary, histogram or untyped',
      '# TYPE a gauge\na 1\n# TYPE b summary\nb 1\n# TYPE c untyped\nc 1\nd 1',
      { a: [1], b: [1], c: [1], d: [1] },
    ],
    [
      'nothing where the type is not exactly counter',
      '# TYPE a Counter\na 1\n# TYPE b counters\nb 1',
      { a: [1], b: [1] },
    ],
    [
      'nothing outside its family',
      '# TYPE a counter\na 1\nab 2\n# TYPE b gauge\nb 3\na 4',
      { a_total: [1], ab: [2], b: [3], a: [4] },
    ],
    [
      'with the help line before or after the type',
      '# HELP a x\n# TYPE a counter\na 1\n# TYPE b counter\n# HELP b x\nb 1',
      { a_total: [1], b_total: [1] },
    ],
    ['a type line with many blanks', '#  TYPE \t a   counter\na 1', { a_total: [1] }],
  ];
  for (const [what, text, expected] of renamed) {
    it(`renames ${what}`, () => {
      expect(plain(text)).to.deep.equal(expected);
    });
  }

  it('keeps only wanted names, after renaming', () => {
    const text = '# TYPE a counter\na 1\nb 2\nc{d="e"} 3\na_total 4';
    expect(plain(text, ['a_total', 'c'])).to.deep.equal({ a_total: [1, 4], c: [[{ d: 'e' }, 3]] });
    expect(plain(text, ['a'])).to.deep.equal({});
    expect(parsePrometheusText(text, new Set()).sampleLines).to.equal(4);
  });

  const bad = [
    '1a 1',
    'a',
    'a{',
    'a{b',
    'a{b=',
    'a{b="',
    'a{b="c',
    'a{b="c"',
    'a{b="c"}',
    'a{b="c"} x',
    'a{b=c} 1',
    'a{b="c" d="e"} 1',
    'a{1b="c"} 1',
    'a{="c"} 1',
    'a-b 1',
    'a 1 2 3',
    'a 1 x',
    'a x',
    'a 0x10',
    'a 1_000',
    'a --1',
    'a 1e',
    'a .',
    'a{b="c\\"} 1',
    '{a="b"} 1',
    '{"a",b="c"} 1',
    'a}b 1',
    'é 1',
    '<html>',
    '404 page not found',
  ];
  for (const line of bad) {
    it(`skips ${JSON.stringify(line)} and nothing beside it`, () => {
      const result = parsePrometheusText(`x 1\n${line}\ny 2`);
      expect([...result.samples.keys()]).to.deep.equal(['x', 'y']);
      expect(result.badLines).to.equal(1);
      expect(result.sampleLines).to.equal(2);
    });
  }

  const pages: [what: string, text: string, wanted: string[] | undefined][] = [
    ['an HTML page', '<!DOCTYPE html>\n<html>\n<body class="a">\n<h1>Not here</h1>\n</body>', undefined],
    ['an error sentence', '404 page not found\n', ['a']],
    ['another error sentence', 'Not found\nPlease try 5 times again', []],
    ['JSON', '{"jsonrpc":"2.0","id":1,"result":{}}', []],
    ['indented JSON', '{\n  "a": 1,\n  "b": {\n    "c": [1]\n  }\n}', []],
  ];
  for (const [what, text, wanted] of pages) {
    it(`says of ${what} that it holds no sample`, () => {
      const result = parsePrometheusText(text, wanted === undefined ? undefined : new Set(wanted));
      expect(result.sampleLines).to.equal(0);
      expect(result.badLines).to.be.greaterThan(0);
    });
  }

  it('says of an empty text that it holds nothing, good or bad', () => {
    for (const text of ['', '\n', '# EOF\n']) {
      expect(parsePrometheusText(text)).to.deep.equal({ samples: new Map(), badLines: 0, sampleLines: 0 });
    }
  });

  const huge: [what: string, text: string][] = [
    ['a name of a million letters', 'a'.repeat(1e6)],
    ['a number of a million digits', `a ${'1'.repeat(1e6)}`],
    ['many numbers that end badly', `a ${'1'.repeat(900)}x\n`.repeat(1_000)],
    ['a million blanks', `a${' '.repeat(1e6)}`],
    ['a label value of a million escapes', `a{b="${'\\"'.repeat(1e6)}`],
    ['a hundred thousand labels', `a{${'b="c",'.repeat(1e5)}`],
    ['a hundred thousand words', 'a '.repeat(1e5)],
    ['a comment of a million letters', `# TYPE ${'a'.repeat(1e6)}`],
    ['a million open braces', '{'.repeat(1e6)],
  ];
  for (const [what, text] of huge) {
    it(`is done at once with ${what}`, function () {
      this.timeout(2_000);
      expect(parsePrometheusText(`${text}\nz 1`).samples.get('z')).to.deep.equal([{ labels: {}, value: 1 }]);
    });
  }
});
