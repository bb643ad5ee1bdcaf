/** What npm would get: small, complete, usable from ESM and CommonJS, and harmless to import. */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { expect } from 'chai';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { installAll, packAll, run, type Packed } from '../support/packed-packages.js';
import { filesOf, reachable } from '../support/packed-files.js';
import { startProgram } from '../support/program.js';
import { ROOT } from '../support/root.js';

const SUPERVISOR_LIMIT_BYTES = 100_000;

describe('packed packages', function () {
  this.timeout(240_000);
  let folder = '';
  let packed: Packed[] = [];
  let project = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-packed-'));
    packed = await packAll(folder);
    project = join(folder, 'project');
    await installAll(packed, project);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are all there', () => {
    expect(packed.map((one) => one.folder)).to.include.members(['supervisor', 'manager', 'monitor', 'cli']);
    expect(packed).to.have.length.above(10);
  });

  it('hold their licence, a README and what was built, no sources, maps or tests', () => {
    for (const { folder: name, bytes } of packed) {
      const files = [...filesOf(bytes).keys()];
      expect(files, name).to.include.members(['LICENSE', 'README.md', 'package.json']);
      const others = files.filter(
        (file) => !/^(LICENSE|README\.md|package\.json|bin\/.*|dist\/.*|dashboard\/.*)$/.test(file),
      );
      expect(others, name).to.deep.equal([]);
      expect(
        files.filter((file) => /\.map$|\.test\.|(^|\/)src\//.test(file)),
        name,
      ).to.deep.equal([]);
    }
  });

  it('name exact versions only', () => {
    for (const { folder: name, bytes } of packed) {
      const text = filesOf(bytes).get('package.json') ?? '';
      expect(text, name).not.to.match(/workspace:|catalog:/);
    }
  });

  it('depend on what they use, and on nothing else', () => {
    for (const { folder: name, bytes } of packed) {
      const files = filesOf(bytes);
      const { dependencies = {} } = JSON.parse(files.get('package.json') ?? '{}') as {
        dependencies?: Record<string, string>;
      };
      expect([...reachable(files)].sort(), name).to.deep.equal(Object.keys(dependencies).sort());
    }
  });

  it(`are at most ${SUPERVISOR_LIMIT_BYTES / 1000} kB where it is the supervisor`, () => {
    const supervisor = packed.find((one) => one.folder === 'supervisor');
    expect(supervisor?.bytes.length).to.be.within(1, SUPERVISOR_LIMIT_BYTES);
  });

  it('leave publint nothing to say', async () => {
    for (const { folder: name, bytes } of packed) {
      const tarball = new Uint8Array(bytes).buffer;
      const { messages } = await publint({ pack: { tarball }, strict: true });
      expect(messages, name).to.deep.equal([]);
    }
  });

  it('have the right types for each way to import them', async () => {
    for (const { folder: name, bytes } of packed) {
      const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
      const problems = analysis.types === false ? ['no types'] : analysis.problems;
      // Node before 12.7 knows no exports. CommonJS gets ES modules, which every Node we take can require.
      const real = problems.filter(
        (one) =>
          typeof one === 'string' ||
          !(
            one.kind === 'CJSResolvesToESM' ||
            (one.kind === 'NoResolution' && one.resolutionKind === 'node10')
          ),
      );
      expect(real, name).to.deep.equal([]);
    }
  });

  it('run the library example of the README in an empty project', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const [, code = ''] = /<!-- library -->\n```js\n([\s\S]*?)```/.exec(readme) ?? [];
    await writeFile(join(project, 'main.mjs'), code);
    await copyFile(join(ROOT, 'examples/minimal/monitor.mjs'), join(project, 'monitor.mjs'));
    const program = startProgram([join(project, 'main.mjs')], { cwd: project });
    await program.says(/memory \{ memory_free_bytes: \d+ \}/);
    expect(await program.stop()).to.include({ code: 0, stderr: '' });
  });

  it('can be required from CommonJS', async () => {
    await writeFile(
      join(project, 'main.cjs'),
      `const { pathToFileURL } = require('node:url');
       const { Supervisor, ThreadHost, monitorSpec } = require('@vedette/supervisor');
       const { createManager } = require('@vedette/manager');
       const { defineMonitor } = require('@vedette/monitor');
       const { MonitorHarness } = require('@vedette/monitor/testing');
       console.log([createManager, defineMonitor, MonitorHarness].map((one) => typeof one).join());
       const entry = pathToFileURL(require.resolve('@vedette/monitor/entry'));
       const supervisor = new Supervisor({ host: new ThreadHost({ entry }) });
       supervisor.once('monitor.round-ended', ({ round }) => {
         console.log(round.outcome);
         void supervisor.stop();
       });
       const module_ = pathToFileURL(require('node:path').join(__dirname, 'monitor.mjs'));
       supervisor.apply([monitorSpec({ id: 'memory', module: module_, periodMs: 1000 })]);`,
    );
    await copyFile(join(ROOT, 'examples/minimal/monitor.mjs'), join(project, 'monitor.mjs'));
    const { code, stdout, stderr } = await run(process.execPath, ['main.cjs'], project);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.equal('function,function,function\nok\n');
  });

  it('have types and typed events for strict programs, ESM and CommonJS, that check libraries too', async () => {
    await writeFile(
      join(project, 'program.mts'),
      `import { Supervisor, ThreadHost } from '@vedette/supervisor';
       import { createManager } from '@vedette/manager';
       import { MonitorHarness } from '@vedette/monitor/testing';
       import { defineKind, z } from '@vedette/contract/kind';
       import { STRATEGIES } from '@vedette/cli/kinds';
       await using supervisor = new Supervisor({ host: new ThreadHost({ entry: 'x' }) });
       supervisor.on('monitor.round-ended', ({ round }) => round.facts['height']?.toFixed());
       // @ts-expect-error there is no such event
       supervisor.on('monitor.nothing', () => undefined);
       void [createManager, MonitorHarness, defineKind, z, STRATEGIES];`,
    );
    await writeFile(
      join(project, 'program.cts'),
      `import supervisor = require('@vedette/supervisor');
       export const host: supervisor.Host = new supervisor.ThreadHost({ entry: 'x' });`,
    );
    const modules = join(ROOT, 'node_modules');
    const { code, stdout } = await run(
      process.execPath,
      [
        join(modules, 'typescript/lib/tsc.js'),
        ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'],
        ...['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,esnext.disposable'],
        ...['--types', 'node', '--typeRoots', join(modules, '@types'), 'program.mts', 'program.cts'],
      ],
      project,
    );
    expect(code, stdout).to.equal(0);
  });

  it('do nothing when they are imported', async () => {
    const entries = packed.flatMap(({ folder: name, bytes }) => {
      const { exports = {} } = JSON.parse(filesOf(bytes).get('package.json') ?? '{}') as {
        exports?: Record<string, { default?: string }>;
      };
      return Object.entries(exports)
        .filter(([, target]) => target.default?.endsWith('.js') === true)
        .map(([path]) => `@vedette/${name}${path.slice(1)}`);
    });
    await copyFile(join(ROOT, 'test/support/import-watch.mjs'), join(project, 'import-watch.mjs'));
    const { code, stdout, stderr } = await run(process.execPath, ['import-watch.mjs', ...entries], project);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal(Object.fromEntries(entries.map((entry) => [entry, []])));
    expect(code).to.equal(0);
  });

  it('have a command that answers', async () => {
    const bin = join(project, 'node_modules/.bin/vedette');
    const { code, stdout } = await run(bin, ['kinds'], project);
    expect(code).to.equal(0);
    expect(stdout).to.include('substrate-network');
  });
});
