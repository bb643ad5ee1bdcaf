/** The changesets that are committed can be released: one version for all packages, and each change told. */
import { expect } from 'chai';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../support/packed-packages.js';
import { ROOT } from '../support/root.js';

const CLI = join(ROOT, 'node_modules/@changesets/cli/bin.js');

interface Manifest {
  readonly name: string;
  readonly version: string;
}

describe('changesets', function () {
  this.timeout(60_000);
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-release-'));
    for (const file of [
      'package.json',
      'pnpm-workspace.yaml',
      'pnpm-lock.yaml',
      '.changeset',
      '.prettierrc.json',
    ]) {
      cpSync(join(ROOT, file), join(folder, file), { recursive: true });
    }
    for (const name of readdirSync(join(ROOT, 'packages'))) {
      mkdirSync(join(folder, 'packages', name), { recursive: true });
      cpSync(join(ROOT, 'packages', name, 'package.json'), join(folder, 'packages', name, 'package.json'));
    }
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('give all packages the next version and tell what changed', async () => {
    const git = async (...args: string[]): Promise<void> => {
      const { code, stderr } = await run(
        'git',
        ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args],
        folder,
      );
      expect(code, stderr).to.equal(0);
    };
    await git('init', '--quiet', '--initial-branch', 'main');
    await git('add', '-A');
    await git('commit', '--quiet', '--no-verify', '-m', 'before');
    const pending = readdirSync(join(folder, '.changeset')).filter((file) => /^(?!README).*\.md$/.test(file));
    const { code, stdout, stderr } = await run(process.execPath, [CLI, 'version'], folder);
    expect(code, `${stdout}\n${stderr}`).to.equal(0);
    const after = readdirSync(join(folder, 'packages')).map((name) => manifestIn(folder, name));
    const before = readdirSync(join(ROOT, 'packages')).map((name) => manifestIn(ROOT, name));
    const versions = new Set(after.map(({ version }) => version));
    expect(versions.size).to.equal(1);
    expect(versions.has(before[0]?.version ?? '')).to.equal(pending.length === 0);
  });
});

function manifestIn(root: string, name: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}
