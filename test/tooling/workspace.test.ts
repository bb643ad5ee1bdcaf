/** The repository keeps its own rules: exact versions, arrows, engines, nothing of a machine in a file. */
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ARROWS, CONFINED } from '../../.ci/arrows.mjs';
import { ROOT } from '../support/root.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const FOLDERS = readdirSync(join(ROOT, 'packages')).filter((folder) =>
  existsSync(join(ROOT, 'packages', folder, 'package.json')),
);
const MANIFESTS = new Map<string, Manifest>([
  ['.', manifestOf('package.json')],
  ...FOLDERS.map((folder) => [folder, manifestOf(`packages/${folder}/package.json`)] as const),
]);
const { catalog } = parse(read('pnpm-workspace.yaml')) as { catalog: Record<string, string> };

describe('workspace', () => {
  it('pins every version of the catalog exactly', () => {
    for (const [name, version] of Object.entries(catalog)) expect(version, name).to.match(/^\d+\.\d+\.\d+$/);
  });

  it('uses every entry of the catalog', () => {
    const used = new Set(
      [...MANIFESTS.values()].flatMap((manifest) => Object.keys(dependenciesOf(manifest))),
    );
    expect(Object.keys(catalog).filter((name) => !used.has(name))).to.deep.equal([]);
  });

  it('has a row of arrows for every package, and no other', () => {
    expect(Object.keys(ARROWS).sort()).to.deep.equal([...FOLDERS].sort());
  });

  it('lists every package in the build', () => {
    const { references } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    expect(references.map(({ path }) => path).sort()).to.deep.equal(
      FOLDERS.map((folder) => `packages/${folder}`).sort(),
    );
  });

  it('gives all packages one version', () => {
    expect(new Set([...MANIFESTS.values()].map((manifest) => manifest.version)).size).to.equal(1);
  });

  for (const [folder, manifest] of MANIFESTS) {
    describe(`package ${folder}`, () => {
      it('names the oldest Node, a licence and a description', () => {
        expect(manifest.engines).to.deep.equal({ node: '>=20.19' });
        expect(manifest.license).to.equal('Apache-2.0');
        expect(manifest.description).to.be.a('string').and.not.equal('');
      });

      it('takes every dependency from the catalog or the workspace', () => {
        for (const [name, version] of Object.entries(dependenciesOf(manifest))) {
          expect(version, name).to.equal(name.startsWith('@vedette/') ? 'workspace:*' : 'catalog:');
        }
      });
      if (folder === '.') return;

      it('is called @vedette/<folder>', () => {
        expect(manifest.name).to.equal(`@vedette/${folder}`);
      });

      it('depends along the arrows only, and builds what it depends on first', () => {
        const allowed = ARROWS[folder] ?? [];
        const needed = Object.keys({ ...manifest.devDependencies, ...manifest.dependencies })
          .filter((name) => name.startsWith('@vedette/'))
          .map((name) => name.slice('@vedette/'.length));
        expect(needed.filter((name) => !allowed.includes(name))).to.deep.equal([]);
        const config = JSON.parse(read(`packages/${folder}/tsconfig.json`)) as {
          references?: { path: string }[];
        };
        const built = (config.references ?? []).map(({ path }) => path.replace('../', ''));
        expect(built.sort()).to.deep.equal(needed.sort());
      });

      it('holds no library that belongs elsewhere', () => {
        const foreign = Object.entries(CONFINED)
          .filter(([library, owners]) => library in dependenciesOf(manifest) && !owners.includes(folder))
          .map(([library]) => library);
        expect(foreign).to.deep.equal([]);
      });
    });
  }
});

/** Self-signed pairs for TLS on loopback: they protect nothing. */
const THROWAWAY_KEYS = ['packages/monitor/test/support/certificate.ts'];

describe('committed files', () => {
  /** Committed, or about to be: what git does not ignore. */
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(ROOT, file)));

  const registry = process.env['npm_config_registry'] ?? '';
  const registryHost = URL.canParse(registry) ? new URL(registry).hostname : '';
  const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
    [
      'a path of one machine',
      new RegExp(`(^|[\\s"'\`(=:])/(${['work', 'home', 'root', 'Users'].join('|')})/[\\w.-]`, 'm'),
    ],
    ['a package registry', /https?:\/\/[\w.-]*(registry|mirror|artifactory|verdaccio|nexus)[\w.-]*[/:]/i],
    ["a private key that is not a test's own", /-----BEGIN [A-Z ]*PRIVATE KEY/],
    [
      'an access token',
      /\b(ghp_|gho_|github_pat_|glpat-|npm_)[A-Za-z0-9_]{30,}|\bAKIA[0-9A-Z]{16}\b|\bxox[bap]-\d/,
    ],
    ['a registry password', /:_(auth|authToken|password)\s*=/],
  ];

  for (const [what, pattern] of FORBIDDEN) {
    it(`hold no sign of ${what}`, () => {
      const found = files.filter((file) => !THROWAWAY_KEYS.includes(file) && pattern.test(textOf(file)));
      expect(found).to.deep.equal([]);
    });
  }

  it('do not name the registry this machine installs from', function () {
    if (registryHost === '') return;
    expect(files.filter((file) => textOf(file).includes(registryHost))).to.deep.equal([]);
  });

  it('hold no build output and no editor or system litter', () => {
    const litter = files.filter((file) =>
      /(^|\/)(dist|node_modules|\.cache|\.vedette)\/|\.tsbuildinfo$|\.DS_Store$|~$|\.orig$|\.rej$|\.swp$/.test(
        file,
      ),
    );
    expect(litter).to.deep.equal([]);
  });

  it('contain each file a reader looks for first', () => {
    const wanted = [
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'ERRORS.md',
      'pnpm-lock.yaml',
      '.ci/run',
    ];
    expect(wanted.filter((file) => !files.includes(file))).to.deep.equal([]);
  });
});

function dependenciesOf(manifest: Manifest): Record<string, string> {
  return {
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
    ...manifest.dependencies,
  };
}

function manifestOf(path: string): Manifest {
  return JSON.parse(read(path)) as Manifest;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Binary files have no text to search. */
function textOf(path: string): string {
  const bytes = readFileSync(join(ROOT, path));
  return bytes.includes(0) ? '' : bytes.toString('utf8');
}
