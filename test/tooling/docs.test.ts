/** The reference pages are made of what they describe, and every command in README and docs does what it should. */
import { VARIABLES } from '@vedette/cli/kinds';
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliDocument } from '../../.ci/cli-doc.mjs';
import { configurationDocument, configurationSources } from '../../.ci/configuration-doc.mjs';
import { filesUnder } from '../../.ci/files.mjs';
import { sharedRabbit } from '../support/rabbitmq.js';
import { ROOT } from '../support/root.js';
import { startVedette, type Vedette } from '../support/vedette.js';

const BROKER = 'amqp://guest:guest@127.0.0.1:5672';
const OWN_FILE = 'examples/own-monitor/monitors.yaml';
const OWN = `${OWN_FILE} --strategy examples/own-monitor/strategy.mjs`;
const FILE = 'examples/quickstart.yaml';

/** `vedette` command to what it must say. Those that end must exit 0; `run` is stopped when the next begins anew. */
const SAYS: Readonly<Record<string, RegExp>> = {
  'kinds evm-node': /^evm-node: [^]*example/i,
  [`check ${FILE}`]: /monitor/,
  [`plan ${FILE}`]: /All of it fits/,
  'plan --kind evm-node --monitors 1000': /^What if: 1000 monitors of kind evm-node/,
  'plan --kind evm-node --monitors 1000 --host dense --density 20': /\ndense +1000 +50 /,
  [`once ${FILE} --id anvil-a`]: /"outcome":"ok"/,
  [`run ${FILE}`]: /Monitor is running/,
  [`run ${FILE} --log-format json`]: /"message":"Monitor is running"/,
  [`run ${FILE} --host cell`]: /Monitor is running[^\n]*cell/,
  [`run --broker ${BROKER}`]: /Monitor is running/,
  [`run --broker ${BROKER} --state vedette-state`]: /Monitor is running/,
  [`run --broker ${BROKER} --state standby-state --standby`]: /taking over/,
  [`publish ${FILE} --broker ${BROKER}`]: /published general\.systems_config/,
  [`publish ${FILE} --broker ${BROKER} --remove`]: /published general\.systems_config: empty/,
  [`doctor --broker ${BROKER} --state vedette-state`]: /^ok +broker .*, 0 failed/ms,
  'completion bash': /^complete -F _vedette vedette$/m,
  [`check ${OWN}`]: /monitor/,
  [`once ${OWN} --id local-page`]: /"status":\s*200/,
  [`run ${OWN}`]: /Monitor is running/,
};

const NOT_RUN_HERE: Readonly<Record<string, string>> = {
  'git clone <this repository> vedette && cd vedette': 'the repository has no address yet',
  'npx vedette bench monitors.yaml': 'takes a minute; test/whole/bench.test.ts measures one host so',
  'npm start': 'installs and builds, as `npm test` has; its parts are in quickstart.test.ts',
};
/** Pages whose own test runs all of their commands. */
const TESTED_PAGES: Readonly<Record<string, string>> = {
  'docs/migrate-from-panic.md': 'test/whole/migration.test.ts',
  'docs/hosting.md': 'test/whole/hosting.test.ts',
  'docs/api.md': 'test/whole/operator.test.ts',
};

const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

function commandsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

describe('reference pages', function () {
  this.timeout(60_000);

  it('docs/cli.md is what `node .ci/cli-doc.mjs` writes now', async () => {
    expect(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')).to.equal(await cliDocument());
  });

  it('docs/configuration.md is what `node .ci/configuration-doc.mjs` writes now', async () => {
    const text = configurationDocument(await configurationSources());
    expect(readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8')).to.equal(text);
  });

  it('name every variable the command reads', () => {
    const files = filesUnder(ROOT, 'packages/cli/src');
    const read = files.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\benv\['(\w+)'\]/g)].map(([, name]) => name ?? ''),
    );
    expect([...new Set(read)].sort()).to.deep.equal(Object.keys(VARIABLES).sort());
  });

  it('docs/operate.md names log lines that are written', () => {
    const [, section = ''] = readFileSync(join(ROOT, 'docs/operate.md'), 'utf8').split('## What to watch');
    const lines = [...section.matchAll(/^\| `([A-Z][^`]+)` \|/gm)].map(([, line]) => line ?? '');
    const source = filesUnder(ROOT, 'packages')
      .filter((file) => /\/src\/.*\.ts$/.test(file))
      .map((file) => readFileSync(join(ROOT, file), 'utf8'))
      .join('\n');
    expect(lines).to.have.length.above(3);
    expect(lines.filter((line) => !source.includes(`'${line}'`))).to.deep.equal([]);
  });

  it('link to files that exist', () => {
    for (const page of [...PAGES, 'CONTRIBUTING.md']) {
      const text = readFileSync(join(ROOT, page), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        expect(
          () => readFileSync(join(ROOT, page, '..', target)),
          `${page} links to ${target}`,
        ).not.to.throw();
      }
    }
  });
});

describe('commands in README and docs', function () {
  this.timeout(120_000);
  let folder = '';
  let server: Server;
  let running: { command: string; vedette: Vedette } | null = null;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-docs-'));
    // The page that examples/own-monitor watches.
    server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const own = readFileSync(join(ROOT, OWN_FILE), 'utf8');
    const { port } = server.address() as AddressInfo;
    await writeFile(join(folder, 'monitors.yaml'), own.replace('18080', String(port)));
  });
  after(async () => {
    await stopRunning();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  /** What runs must have said what it should before it is stopped: a `publish` may have been needed for it. */
  async function stopRunning(): Promise<void> {
    if (running === null) return;
    const { command, vedette } = running;
    running = null;
    await vedette.says(SAYS[command] ?? /./, 30_000).finally(() => vedette.stop());
    const { code, stderr } = await vedette.ended;
    expect(code, `${command}\n${stderr}`).to.equal(0);
  }

  const done = new Set<string>();
  for (const page of PAGES.filter((one) => !(one in TESTED_PAGES))) {
    for (const line of commandsOf(page)) {
      // Once each will do, but for what a manager that is running waits for.
      if (line in NOT_RUN_HERE || (done.has(line) && !line.includes(' publish '))) continue;
      done.add(line);
      it(`${page}: ${line}`, async () => {
        const command = line.replace(/^npx vedette /, '');
        expect(SAYS, `nobody knows what \`${line}\` must say`).to.have.property(command);
        const url = command.includes(BROKER) ? (await sharedRabbit()).url : BROKER;
        const args = command
          .replace(BROKER, url)
          .replace(OWN_FILE, join(folder, 'monitors.yaml'))
          .replace(/--state (\S+)/, `--state ${folder}/$1`)
          .split(' ');
        const options = { env: { VEDETTE_STATE: join(folder, 'state') } };
        if (args[0] === 'run') {
          await stopRunning();
          running = { command, vedette: startVedette(args, options) };
          // One that waits for config says more once that is published.
          if (!command.includes(BROKER)) await stopRunning();
          return;
        }
        // Taken back only when it has arrived.
        if (args.includes('--remove')) await stopRunning();
        const { code, stdout, stderr } = await startVedette(args, options).ended;
        expect(code, stderr).to.equal(0);
        expect(stdout).to.match(SAYS[command] ?? /./);
      });
    }
  }

  it('stop in order where they run', stopRunning);

  it('are all known, and nothing is known that is not there', () => {
    const lines = new Set(PAGES.filter((one) => !(one in TESTED_PAGES)).flatMap(commandsOf));
    const known = [
      ...Object.keys(SAYS).map((command) => `npx vedette ${command}`),
      ...Object.keys(NOT_RUN_HERE),
    ];
    expect([...lines].sort()).to.deep.equal(known.sort());
    for (const [page, test] of Object.entries(TESTED_PAGES)) {
      expect(readFileSync(join(ROOT, test), 'utf8')).to.include(page);
    }
  });
});
