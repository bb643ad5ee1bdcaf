/** `vedette run` with its dashboard in a real browser, on real nodes, one of which is killed while one looks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startAnvil, type Anvil } from '../support/anvil.js';
import { openPage, startBrowser } from '../support/browser.js';
import { startVedette, type Vedette } from '../support/vedette.js';

describe('the dashboard of vedette run', function () {
  this.timeout(120_000);
  let folder: string;
  let browser: Browser;
  let first: Anvil;
  let second: Anvil;
  let vedette: Vedette;
  let url: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-dashboard-'));
    [first, second] = await Promise.all([
      startAnvil(['--block-time', '1']),
      startAnvil(['--block-time', '1']),
    ]);
    const entries = [first, second].map(
      (node, index) =>
        `  - { kind: evm-node, id: n${index}, name: anvil ${index}, chain: lab, period: 500ms, settings: { url: '${node.url}' } }`,
    );
    const file = join(folder, 'monitors.yaml');
    await writeFile(file, `monitors:\n${entries.join('\n')}\n`);
    vedette = startVedette(['run', file, '--log-format', 'json']);
    await vedette.says('Listening for operators');
    url = /"url":"(http:[^"]+?)\/?"/.exec(vedette.stderr())?.[1] ?? '';
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    await vedette.stop();
    await Promise.all([first.stop(), second.stop()]);
    await rm(folder, { recursive: true });
  });

  it('shows heights that grow, and a killed node as trouble, without being loaded again', async () => {
    const { page, complaints, close } = await openPage(browser, `${url}/#/chains`);
    await page.getByRole('heading', { name: 'lab' }).waitFor();
    await first.call('anvil_mine', ['0x10']);
    await page
      .getByText(/^−\d+$/)
      .first()
      .waitFor();
    await page.goto(`${url}/#/`);
    await page.getByRole('heading', { name: '2 monitors, nothing is wrong' }).waitFor();
    await second.stop();
    await page.getByRole('heading', { name: '1 of 2 monitors needs attention' }).waitFor();
    const trouble = page.locator('.trouble').filter({ hasText: 'anvil 1' });
    await trouble.getByText('Trouble seen').waitFor();
    await trouble.getByText('5015').waitFor();
    await trouble.getByRole('link').click();
    await page.getByText(/This kind reports 5015 when the node cannot be reached/).waitFor();
    expect(complaints).to.deep.equal([]);
    await close();
  });

  it('says why an action is refused where none is allowed', async () => {
    const { page, close } = await openPage(browser, `${url}/#/monitor/evm-node%3An0`);
    await page.getByRole('button', { name: 'Restart' }).click();
    await page.getByText('this changes something, and no token was set').waitFor();
    await close();
  });
});
