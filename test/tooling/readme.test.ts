/** The README tells the truth: its tables and its code are those of the repository. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRANSITIONS } from '@vedette/contract';
import { ROOT } from '../support/root.js';
import { runVedette } from '../support/vedette.js';

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

describe('README', () => {
  it('is short enough to be read', () => {
    expect(read('README.md').split('\n')).to.have.length.below(200);
  });

  it('leaves it to docs/operate.md to show the table of states as the code has it', () => {
    const rows = [...read('docs/operate.md').matchAll(/^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|$/gm)];
    const shown = Object.fromEntries(
      rows.map(([, from, to]) => [from, [...(to ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1])]),
    );
    expect(shown).to.deep.equal(TRANSITIONS);
  });

  const GUIDE = 'docs/write-a-monitor.md';
  for (const [page, file] of [
    ['README.md', 'own-monitor/monitor.mjs'],
    ['README.md', 'minimal/main.mjs'],
    [GUIDE, 'own-monitor/monitor.mjs'],
    [GUIDE, 'own-monitor/monitor.test.mjs'],
    [GUIDE, 'own-monitor/strategy.mjs'],
    [GUIDE, 'own-monitor/monitors.yaml'],
  ] as const) {
    it(`${page} shows examples/${file} as it is`, () => {
      const code = readFileSync(join(ROOT, 'examples', file), 'utf8')
        .replace(/^(\/\/.*\n)+/, '')
        .trim();
      if (page === 'README.md') expect(code.split('\n').length).to.be.at.most(30);
      const language = file.endsWith('.yaml') ? 'yaml' : 'js';
      expect(read(page)).to.include(`\`\`\`${language}\n${code}\n\`\`\``);
    });
  }

  it('has an own monitor that runs as shown', async () => {
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const folder = await mkdtemp(join(tmpdir(), 'vedette-own-'));
    const file = join(folder, 'monitors.yaml');
    const { port } = server.address() as AddressInfo;
    const shipped = readFileSync(join(ROOT, 'examples/own-monitor/monitors.yaml'), 'utf8');
    await writeFile(file, shipped.replace('18080', String(port)));
    const strategy = 'examples/own-monitor/strategy.mjs';
    const args = ['run', file, '--strategy', strategy, '--for', '3s', '--output', '-'];
    const { code, stdout, stderr } = await runVedette(args);
    await rm(folder, { recursive: true });
    await new Promise((resolve) => server.close(resolve));
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(
      /"routingKey":"web.page","body":\{"page": "local-page", "status": 200, "seconds": 0\.\d+/,
    );
    expect(stderr).to.match(/local-page +web-page +running +healthy .*status 200 in/);
  });
});
