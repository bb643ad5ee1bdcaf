import { expect } from 'chai';
import { parseConfigFile } from '../src/intake/file-config.js';
import { StrategyRegistry } from '../src/strategy-registry.js';
import { probeStrategy } from './support/probe-strategy.js';

const registry = new StrategyRegistry([probeStrategy]);

const MONITORS = `
monitors:
  - { kind: probe, id: a, settings: { url: 'http://127.0.0.1:1' } }
  - { kind: probe, id: b.c, limits: { oldMb: 40 }, settings: { url: 'http://127.0.0.1:2' } }
`;
const parse = (hosting: string): ReturnType<typeof parseConfigFile> =>
  parseConfigFile(`hosting:\n${hosting}${MONITORS}`, registry);

describe('the hosting section of a config file', () => {
  const good: readonly (readonly [what: string, text: string, a: unknown, b: unknown])[] = [
    ['nothing', '  {}\n', undefined, undefined],
    ['a default', '  default: cell\n', { host: 'cell', by: 'default' }, { host: 'cell', by: 'default' }],
    ['auto', '  default: { host: auto }\n', { host: 'auto', by: 'default' }, { host: 'auto', by: 'default' }],
    [
      'a kind before the default',
      '  default: cell\n  kinds: { probe: process }\n',
      { host: 'process', by: 'kind' },
      { host: 'process', by: 'kind' },
    ],
    [
      'an id before the kind',
      '  kinds: { probe: { host: process } }\n  monitors: { a: thread }\n',
      { host: 'thread', by: 'monitor' },
      { host: 'process', by: 'kind' },
    ],
    [
      'an id with its kind, and an id with a dot',
      '  monitors: { "probe:a": thread, b.c: { host: cell } }\n',
      { host: 'thread', by: 'monitor' },
      { host: 'cell', by: 'monitor' },
    ],
    ['a density of one', '  default: { density: 1 }\n', { density: 1, by: null }, { density: 1, by: null }],
  ];
  for (const [what, text, a, b] of good) {
    it(`reads ${what}`, () => {
      const { problems, specs } = parse(text);
      expect(problems).to.deep.equal([]);
      expect(specs.map(({ hosting }) => hosting)).to.deep.equal([a, b]);
    });
  }

  it('does not touch the revision with the host, and does with limits', () => {
    const [plain, hosted, limited] = [
      '  {}\n',
      '  default: process\n',
      '  kinds: { probe: { limits: { oldMb: 99 } } }\n',
    ].map((text) => parse(text).specs);
    expect(hosted?.map(({ revision }) => revision)).to.deep.equal(plain?.map(({ revision }) => revision));
    expect(limited?.[0]?.revision).to.not.equal(plain?.[0]?.revision);
    // What the monitorable says itself wins.
    expect(limited?.map(({ limits }) => limits.oldMb)).to.deep.equal([99, 40]);
    expect(limited?.[1]?.revision).to.equal(plain?.[1]?.revision);
  });

  const bad: readonly (readonly [text: string, code: string, field: string, line: number, reason: RegExp])[] =
    [
      [
        '  default: bogus\n',
        'CONFIG_INVALID_FIELD',
        'hosting.default.host',
        2,
        /must be one of thread.*got "bogus"/,
      ],
      ['  kinds:\n    probe: { host: 7 }\n', 'CONFIG_INVALID_FIELD', 'hosting.kinds.probe.host', 3, /got 7/],
      ['  kinds: { nope: cell }\n', 'CONFIG_UNKNOWN_KIND', 'hosting.kinds.nope', 2, /no such kind/],
      ['  monitors:\n    zzz: cell\n', 'CONFIG_INVALID_FIELD', 'hosting.monitors.zzz', 3, /no monitorable/],
      [
        '  default: { density: 0 }\n',
        'CONFIG_INVALID_FIELD',
        'hosting.default.density',
        2,
        /at least 1; got 0/,
      ],
      [
        '  default: { density: 1.5 }\n',
        'CONFIG_INVALID_FIELD',
        'hosting.default.density',
        2,
        /whole number; got 1.5/,
      ],
      [
        '  default: { density: 5000 }\n',
        'CONFIG_INVALID_FIELD',
        'hosting.default.density',
        2,
        /at most 1000; got 5000/,
      ],
      [
        '  monitors:\n    b.c: { host: process, density: 10 }\n',
        'HOST_OPTION_INVALID',
        'hosting.monitors.b.c.density',
        3,
        /10 monitors share a thread only on a host that packs.*got host process/,
      ],
      [
        '  kinds: { probe: { limits: { oldMb: -1 } } }\n',
        'CONFIG_INVALID_FIELD',
        'hosting.kinds.probe.limits.oldMb',
        2,
        /got -1/,
      ],
      ['  defualt: cell\n', 'CONFIG_INVALID_FIELD', 'hosting', 2, /Unrecognized key: "defualt"/],
      ['  - cell\n', 'CONFIG_INVALID_FIELD', 'hosting', 2, /hosting: .*expected object/],
    ];
  for (const [text, code, field, line, reason] of bad) {
    it(`refuses ${text.trim().replaceAll(/\s+/g, ' ')}`, () => {
      const { problems } = parse(text);
      expect(problems, JSON.stringify(problems)).to.have.lengthOf(1);
      expect(problems[0]).to.deep.include({ code, field, line });
      expect(problems[0]?.reason).to.match(reason);
      expect(problems[0]?.remedy).to.not.equal('');
    });
  }
});
