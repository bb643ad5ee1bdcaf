import { expect } from 'chai';
import { parseIni } from '../src/import/ini.js';

/** What a test compares: what Python's `{key: dict(config[key]) for key in config}` gives. */
function read(text: string): Record<string, Record<string, string>> | { line: number } {
  const { defaults, sections, problem } = parseIni(text);
  if (problem !== null) return { line: problem.line };
  const plain = (fields: typeof defaults): Record<string, string> =>
    Object.fromEntries([...fields].map(([name, { value }]) => [name, value]));
  return {
    DEFAULT: plain(defaults),
    ...Object.fromEntries(sections.map(({ name, fields }) => [name, plain(fields)])),
  };
}

/** Each expectation was taken from Python's own configparser, interpolation off; but for the byte order mark. */
describe("INI in Python's dialect", () => {
  const taken: [string, string, Record<string, Record<string, string>>][] = [
    ['an empty file', '', { DEFAULT: {} }],
    ['names in any case, values as typed', '[A b]\nKey = True \n', { DEFAULT: {}, 'A b': { key: 'True' } }],
    ['= and :, the first one', '[s]\na:b=c\nd = e:f\n', { DEFAULT: {}, s: { a: 'b=c', d: 'e:f' } }],
    ['empty values', '[s]\na =\nb:\n', { DEFAULT: {}, s: { a: '', b: '' } }],
    [
      'comments only on lines of their own',
      '# x\n[s]\n; y\na = 1 ; 2 # 3\n',
      { DEFAULT: {}, s: { a: '1 ; 2 # 3' } },
    ],
    ['a percent sign as it is', '[s]\na = %20%(b)s\n', { DEFAULT: {}, s: { a: '%20%(b)s' } }],
    [
      'continuation lines, with empty lines inside and none at the end',
      '[s]\na = 1\n  2\n\n  3\n\n\nb = 4\n',
      { DEFAULT: {}, s: { a: '1\n2\n\n3', b: '4' } },
    ],
    ['a comment inside a value', '[s]\na = 1\n  # no\n  2\n', { DEFAULT: {}, s: { a: '1\n2' } }],
    [
      'an indented name where no value is open',
      '[s]\n  a = 1\n  b = 2\n',
      { DEFAULT: {}, s: { a: '1', b: '2' } },
    ],
    [
      '[DEFAULT] in every section, own values first',
      '[s]\na = own\n[DEFAULT]\na = d\nB = e\n[t]\n',
      { DEFAULT: { a: 'd', b: 'e' }, s: { a: 'own', b: 'e' }, t: { a: 'd', b: 'e' } },
    ],
    ['[DEFAULT] more than once', '[DEFAULT]\na=1\n[DEFAULT]\nb=2\n', { DEFAULT: { a: '1', b: '2' } }],
    ['what follows a section’s bracket is dropped', '[s] # x\na=1\n', { DEFAULT: {}, s: { a: '1' } }],
    ['Windows and old Mac line ends', '[s]\r\na=1\rb=2\r\n', { DEFAULT: {}, s: { a: '1', b: '2' } }],
    ['a byte order mark', '\uFEFF[s]\na=1', { DEFAULT: {}, s: { a: '1' } }],
    [
      'section names that differ in case',
      '[s]\na=1\n[S]\na=2\n',
      { DEFAULT: {}, s: { a: '1' }, S: { a: '2' } },
    ],
  ];
  for (const [what, text, expected] of taken) {
    it(`takes ${what}`, () => {
      expect(read(text)).to.deep.equal(expected);
    });
  }

  const refused: [string, string, number][] = [
    ['a section that stands twice', '[s]\na=1\n[t]\n[s]\n', 4],
    ['a name that stands twice in its section, in any case', '[s]\na=1\nA=2\n', 3],
    ['a line before the first section', '\na=1\n[s]\n', 2],
    ['a line without = or :', '[s]\na=1\nnonsense\nb=2\n', 3],
    ['a line without a name', '[s]\n = 1\n', 2],
    ['an empty section name', '[s]\n[]\n', 2],
  ];
  for (const [what, text, line] of refused) {
    it(`refuses ${what}, with its line`, () => {
      expect(read(text)).to.deep.equal({ line });
    });
  }

  it('tells the line of each section and field', () => {
    const [section] = parseIni('# c\n\n[s]\na = 1\n  2\nb = 3\n').sections;
    expect(section?.line).to.equal(3);
    expect(section?.fields.get('a')?.line).to.equal(4);
    expect(section?.fields.get('b')?.line).to.equal(6);
  });

  it('keeps names that would touch an object prototype apart', () => {
    const { sections } = parseIni('[__proto__]\nconstructor = 1\n');
    expect(sections[0]?.name).to.equal('__proto__');
    expect(({} as Record<string, unknown>)['constructor']).to.equal(Object);
  });
});
