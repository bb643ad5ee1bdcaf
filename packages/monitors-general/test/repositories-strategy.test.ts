/** Kinds `github` and `dockerhub`: both dialects, names, start conditions, what the environment gives. */
import { isTopicMatch, type Family, type JsonObject, type ParsedConfig } from '@vedette/contract';
import type { Monitorable, MonitorStrategy, ParseOptions } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { dockerhubStrategy, githubStrategy } from '../src/index.js';

/** As the Mongo publisher sends them: panic-manager-contract 2.5. */
const GITHUB = {
  id: '64f0c0a1b2c3d4e5f6a70501',
  parent_id: '64f0c0a1b2c3d4e5f6a7aaaa',
  repo_name: 'regen-network/regen-ledger',
  repo_namespace: '',
  monitor_repo: 'true',
};
const DOCKERHUB = {
  id: '64f0c0a1b2c3d4e5f6a70601',
  parent_id: '64f0c0a1b2c3d4e5f6a7dddd',
  repo_name: 'redis',
  repo_namespace: 'library',
  monitor_repo: 'true',
};
const RELEASES = 'https://api.github.com/repos/{}releases';
const TAGS = 'https://hub.docker.com/v2/repositories/{}/{}/tags';

function parse(
  strategy: MonitorStrategy,
  body: JsonObject,
  options: ParseOptions = {},
  routingKey = `general.${strategy.kind}_repos_config`,
): ParsedConfig {
  return strategy.parse({ family: strategy.family, routingKey, body }, options);
}

function aMonitorable(kind: string, settings: JsonObject, chain = 'general'): Monitorable {
  const baseChain = chain === 'general' ? 'general' : 'cosmos';
  return {
    kind,
    id: 'r1',
    name: 'mine',
    chain,
    baseChain,
    parentId: 'GENERAL',
    periodMs: null,
    limits: {},
    settings,
  };
}

describe('the github strategy', () => {
  it('makes a spec of an entry as the Mongo publisher sends it, named by its repository', () => {
    const { specs, refusals } = parse(githubStrategy, { [GITHUB.id]: GITHUB });
    expect(refusals).to.deep.equal([]);
    expect(specs[0]).to.deep.include({
      id: 'github:64f0c0a1b2c3d4e5f6a70501',
      name: 'regen-network/regen-ledger',
      componentName: 'GitHub monitor (regen-network regen-ledger)',
      periodMs: 3_600_000,
      settings: { repo: 'regen-network/regen-ledger', urlTemplate: RELEASES, token: '' },
    });
    expect(specs[0]?.origin).to.include({
      family: 'github',
      parentId: GITHUB.parent_id,
      subChain: 'general',
    });
    expect(specs[0]?.module).to.match(/^file:.*\/github\/monitor\.cjs$/);
  });

  for (const repo_name of ['acme/node', 'acme/node/', ' acme/node/ ']) {
    it(`takes ${JSON.stringify(repo_name)} for one repository, slash or not`, () => {
      const { specs } = parse(githubStrategy, { r: { ...GITHUB, repo_name } });
      expect(specs[0]).to.deep.include({ name: 'acme/node', componentName: 'GitHub monitor (acme node)' });
      expect(specs[0]?.settings['repo']).to.equal('acme/node');
    });
  }

  it('takes an entry of the INI dialect: a switch as typed, no namespace, an inner id of its own', () => {
    const entry = { id: 'repo_4f', parent_id: 'GENERAL', repo_name: 'acme/node/', monitor_repo: 'Yes' };
    const { specs } = parse(githubStrategy, { repo_1: entry });
    expect(specs[0]?.origin).to.include({ configId: 'repo_1', wireId: 'repo_4f' });
  });

  it("takes a name without an owner: that it does not exist is GitHub's to say", () => {
    expect(parse(githubStrategy, { r: { ...GITHUB, repo_name: 'node' } }).specs).to.have.lengthOf(1);
    expect(githubStrategy.declare(aMonitorable('github', { repo: 'node' })).refusals[0]?.field).to.equal(
      'repo',
    );
  });
});

describe('the dockerhub strategy', () => {
  it('makes a spec of an entry as the Mongo publisher sends it, named by namespace and name', () => {
    const { specs, refusals } = parse(dockerhubStrategy, { [DOCKERHUB.id]: DOCKERHUB });
    expect(refusals).to.deep.equal([]);
    expect(specs[0]).to.deep.include({
      id: 'dockerhub:64f0c0a1b2c3d4e5f6a70601',
      name: 'library/redis',
      componentName: 'DockerHub monitor (library redis)',
      periodMs: 3_600_000,
      settings: { namespace: 'library', name: 'redis', urlTemplate: TAGS },
    });
    expect(specs[0]?.limits.roundTimeoutMs).to.equal(120_000);
    expect(specs[0]?.module).to.match(/^file:.*\/dockerhub\/monitor\.cjs$/);
  });
});

interface Case {
  readonly strategy: MonitorStrategy;
  readonly family: Family;
  readonly entry: JsonObject;
  readonly settings: JsonObject;
  readonly variable: string;
  readonly template: string;
  readonly other: string;
}

const CASES: readonly Case[] = [
  {
    strategy: githubStrategy,
    family: 'github',
    entry: GITHUB,
    settings: { repo: 'acme/node' },
    variable: 'GITHUB_RELEASES_TEMPLATE',
    template: RELEASES,
    other: 'https://github.example/api/v3/repos/{}releases',
  },
  {
    strategy: dockerhubStrategy,
    family: 'dockerhub',
    entry: DOCKERHUB,
    settings: { namespace: 'acme', name: 'node' },
    variable: 'DOCKERHUB_TAGS_TEMPLATE',
    template: TAGS,
    other: 'https://hub.example/v2/{}/{}/tags',
  },
];

for (const { strategy, family, entry, settings, variable, template, other } of CASES) {
  describe(`the ${strategy.kind} strategy, as the other`, () => {
    it('answers the general and the chain key of its repositories, and no other', () => {
      const answers = (key: string): boolean =>
        strategy.routingKeys.some((pattern) => isTopicMatch(pattern, key));
      expect(strategy.family).to.equal(family);
      expect(answers(`general.${family}_repos_config`)).to.equal(true);
      expect(answers(`chains.cosmos.regen main.${family}_repos_config`)).to.equal(true);
      expect(answers(`chains.cosmos.regen.nodes_config`)).to.equal(false);
      expect(answers('general.systems_config')).to.equal(false);
    });

    for (const monitor_repo of ['false', 'no', '', '1']) {
      it(`leaves a repository with a switch of ${JSON.stringify(monitor_repo)} unwatched`, () => {
        const parsed = parse(strategy, { r: { ...entry, monitor_repo, repo_name: '' } });
        expect(parsed).to.deep.equal({ specs: [], refusals: [], unwatched: ['r'] });
      });
    }

    const needed = ['id', 'parent_id', 'repo_name', 'monitor_repo'];
    for (const field of family === 'dockerhub' ? [...needed, 'repo_namespace'] : needed) {
      it(`refuses an entry without ${field}, and only that entry`, () => {
        const bad = Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field));
        const { specs, refusals } = parse(strategy, { bad, good: entry });
        expect(specs.map((spec) => spec.origin.configId)).to.deep.equal(['good']);
        expect(refusals.map((one) => [one.code, one.configId, one.field])).to.deep.equal([
          ['CONFIG_MISSING_FIELD', 'bad', field],
        ]);
      });
    }

    const REFUSED: readonly (readonly [why: string, change: JsonObject, code: string, field: string])[] = [
      ['an empty name', { repo_name: '' }, 'CONFIG_INVALID_FIELD', 'repo_name'],
      ['a name of dots', { repo_name: 'a/..' }, 'CONFIG_INVALID_FIELD', 'repo_name'],
      ['a name with a query', { repo_name: 'a/b?x=1' }, 'CONFIG_INVALID_FIELD', 'repo_name'],
      ['a name with control characters', { repo_name: 'a/b\u0007' }, 'CONFIG_INVALID_FIELD', 'repo_name'],
      [
        'a name of 400 characters',
        { repo_name: `a/${'b'.repeat(400)}` },
        'CONFIG_INVALID_FIELD',
        'repo_name',
      ],
      ['a name that is no text', { repo_name: 7 }, 'CONFIG_INVALID_FIELD', 'repo_name'],
      ['a switch that is no text', { monitor_repo: true }, 'CONFIG_INVALID_FIELD', 'monitor_repo'],
      ['a template without a place', { url_template: 'https://h/x' }, 'CONFIG_INVALID_FIELD', 'url_template'],
      ['a template that is no URL', { url_template: 'file:///{}' }, 'CONFIG_INVALID_URL', 'url_template'],
      [
        'a template with a password',
        { url_template: template.replace('https://', 'https://me:hunter2@') },
        'CONFIG_INVALID_URL',
        'url_template',
      ],
    ];
    for (const [why, change, code, field] of REFUSED) {
      it(`refuses ${why}, and only that entry`, () => {
        const { specs, refusals } = parse(strategy, { bad: { ...entry, ...change }, good: entry });
        expect(specs).to.have.lengthOf(1);
        expect(refusals[0]).to.include({ code, configId: 'bad', field });
        expect(JSON.stringify(refusals)).not.to.include('hunter2');
      });
    }

    it('tolerates fields nobody knows, and the same text again is the same revision', () => {
      const [plain] = parse(strategy, { r: entry }).specs;
      const [odd] = parse(strategy, {
        r: { ...entry, exporter_url: 'x', future: 'y', monitor_repo: 'YES' },
      }).specs;
      expect(odd?.revision).to.equal(plain?.revision);
    });

    it('declares native settings, fills in what is left out, and names the monitor by its repository', () => {
      const { spec } = strategy.declare(aMonitorable(strategy.kind, settings));
      expect(spec?.settings).to.include({ ...settings, urlTemplate: template });
      expect(spec?.name).to.equal('acme/node');
      expect(spec?.componentName).to.match(/^(GitHub|DockerHub) monitor \(acme node\)$/);
    });

    for (const more of [{}, { urlTemplate: other }, { token: 'abc' }] as JsonObject[]) {
      it(`reads back what it writes for PANIC: ${JSON.stringify(more)}`, () => {
        const monitorable = aMonitorable(strategy.kind, { ...settings, ...more }, 'Regen Main');
        const [{ routingKey, configId, raw } = { routingKey: '', configId: '', raw: {} }] =
          strategy.toConfig(monitorable);
        expect(routingKey).to.equal(`chains.cosmos.regen main.${family}_repos_config`);
        const { specs } = parse(strategy, { [configId]: raw }, {}, routingKey);
        expect(specs[0]?.settings).to.deep.equal(strategy.declare(monitorable).spec?.settings);
      });
    }

    it('writes the general key for a repository of no chain', () => {
      expect(strategy.toConfig(aMonitorable(strategy.kind, settings))[0]?.routingKey).to.equal(
        `general.${family}_repos_config`,
      );
    });

    it('takes its template from the environment, unless the entry or the file says another', () => {
      const options = { settings: { urlTemplate: other } };
      expect(strategy.environment?.['urlTemplate']).to.equal(variable);
      const templates = [
        parse(strategy, { r: entry }, options).specs[0],
        parse(strategy, { r: { ...entry, url_template: template } }, options).specs[0],
        strategy.declare(aMonitorable(strategy.kind, settings), options).spec,
        strategy.declare(aMonitorable(strategy.kind, { ...settings, urlTemplate: template }), options).spec,
      ].map((spec) => spec?.settings['urlTemplate']);
      expect(templates).to.deep.equal([other, template, other, template]);
      expect(strategy.toConfig(aMonitorable(strategy.kind, settings))[0]?.raw).not.to.include.keys(
        'url_template',
      );
    });
  });
}

describe('a token', () => {
  it('of the environment reaches the monitor, and is in nothing that is published', () => {
    const options = { settings: { token: 'not-a-real-token' } };
    expect(parse(githubStrategy, { r: GITHUB }, options).specs[0]?.settings['token']).to.equal(
      'not-a-real-token',
    );
    expect(githubStrategy.toConfig(aMonitorable('github', { repo: 'a/b' }))[0]?.raw).not.to.include.keys(
      'token',
    );
  });

  it('that cannot be used is refused without being shown', () => {
    const { refusals } = parse(githubStrategy, { r: { ...GITHUB, token: 'two words' } });
    const native = githubStrategy.declare(aMonitorable('github', { repo: 'a/b', token: 'two words' }));
    for (const one of [...refusals, ...native.refusals]) {
      expect(one).to.include({ code: 'CONFIG_INVALID_FIELD', field: 'token' });
      expect(one.reason).to.include('got a secret').and.not.include('two words');
    }
    expect(refusals).to.have.lengthOf(1);
  });
});
