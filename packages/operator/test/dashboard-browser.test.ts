/** The dashboard in a real browser, on a real manager whose workers do what a test says. */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import {
  openPage,
  overflowOf,
  seriousFindings,
  startBrowser,
  type OpenPage,
  type PageOptions,
} from '../../../test/support/browser.js';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { fixedToken } from '../src/index.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';

const TOKEN = 'token-of-the-browser-0123456789';
const HTML = '<img src=x onerror="document.title=1"><b>bold</b>';
const RTL = 'abc\u202Etxt.exe \u0645\u0631\u062D\u0628\u0627';

describe('the dashboard in Chromium', function () {
  this.timeout(120_000);
  let browser: Browser;
  let under: TestOperator;
  let url: string;
  let opened: OpenPage | null = null;

  before(async () => {
    browser = await startBrowser();
    under = anOperator();
    url = await under.operator.listen();
    await under.run(
      aSpec('geth', { name: 'geth one', chain: 'goerli', settings: { url: 'http://a:8545', token: 'hush' } }),
      aSpec('besu', { name: 'besu two', chain: 'goerli' }),
      aSpec('html', { name: HTML }),
      aSpec('rtl', { name: RTL }),
      aSpec('emoji', { name: '\u{1F6F0}\u{1F468}\u200D\u{1F680} satellite' }),
      aSpec('long', { name: 'x'.repeat(10_000), chain: 'y'.repeat(300) }),
    );
    under.host.round('evm-node:geth', { facts: { block_height: 120, is_syncing: 0 } });
    under.host.round('evm-node:besu', {
      facts: { block_height: 90 },
      reported: { code: 5_015, message: 'Node besu two is unreachable' },
    });
  });
  /** The page goes before what it talks to. */
  const finish = async (): Promise<void> => {
    const complaints = opened?.complaints ?? [];
    await opened?.close();
    opened = null;
    expect(complaints).to.deep.equal([]);
  };
  afterEach(finish);
  after(async () => {
    await browser.close();
    await under.stop();
  });

  const open = async (hash = '', options: PageOptions = {}): Promise<Page> => {
    opened = await openPage(browser, `${url}/${hash}`, options);
    return opened.page;
  };

  it('says first what needs somebody, and leads there', async () => {
    const page = await open();
    await page.getByRole('heading', { name: '1 of 6 monitors needs attention' }).waitFor();
    await page.locator('.live[data-state=live]').waitFor();
    await page.getByRole('link', { name: 'besu two' }).first().click();
    await page.getByText('Node besu two is unreachable').first().waitFor();
    expect(new URL(page.url()).hash).to.equal('#/monitor/evm-node%3Abesu');
  });

  it('shows what happens while one looks, with settings masked', async () => {
    const page = await open('#/monitor/evm-node%3Ageth');
    await page.getByRole('heading', { name: 'geth one' }).waitFor();
    await page.locator('.live[data-state=live]').waitFor();
    under.host.round('evm-node:geth', { facts: { block_height: 4_711, is_syncing: 0 } });
    await page.getByRole('img', { name: /^Block height: 4.711/ }).waitFor();
    expect(await page.locator('main').innerText())
      .to.include('***')
      .and.not.include('hush');
  });

  it('pauses and resumes', async () => {
    const page = await open('#/monitor/evm-node%3Artl');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.signs').getByText('paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.signs').getByText('running', { exact: true }).waitFor();
  });

  it('keeps names with markup, marks of direction and ten thousand letters as text in their place', async () => {
    const page = await open('#/monitors');
    await page.getByText(HTML).waitFor();
    for (const hash of [
      '#/',
      '#/monitors',
      '#/chains',
      '#/monitor/evm-node%3Along',
      '#/monitor/evm-node%3Artl',
    ]) {
      await page.goto(`${url}/${hash}`);
      await page.locator('h1').first().waitFor();
      expect(await page.locator('main img, main b').count(), hash).to.equal(0);
      expect(await overflowOf(page), hash).to.be.at.most(0);
    }
    expect(await page.title()).to.include('Vedette');
  });

  it('keeps search, filter and order in the address, and is used with the keyboard', async () => {
    const page = await open('#/monitors');
    await page.getByText('geth one').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('goerli');
    await page.getByLabel('Condition', { exact: true }).selectOption('reporting');
    await page.getByRole('button', { name: 'Name' }).click();
    expect(new URL(page.url()).hash).to.equal('#/monitors?q=goerli&is=reporting&sort=name');
    await page.reload();
    await page.getByText('besu two').waitFor();
    expect(await page.getByText('geth one').count()).to.equal(0);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'besu two' }).waitFor();
  });

  it('says so when a monitor vanishes while one looks, and when there never was one', async () => {
    const gone = aSpec('gone', { name: 'soon gone' });
    const others = under.manager.snapshot().map(({ id }) => under.manager.supervisor.spec(id)!);
    await under.run(...others, gone);
    const page = await open('#/monitor/evm-node%3Agone');
    await page.getByRole('heading', { name: 'soon gone' }).waitFor();
    await page.locator('.live[data-state=live]').waitFor();
    await under.run(...others);
    await page.getByRole('alert').getByText('was taken out of the config').waitFor();
    await page.goto(`${url}/#/monitor/never`);
    await page.getByRole('heading', { name: 'No monitor has this id' }).waitFor();
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`leaves axe nothing serious to find, ${scheme}`, async () => {
      const page = await open('', { scheme });
      for (const hash of ['#/', '#/monitors', '#/monitor/evm-node%3Abesu', '#/chains', '#/config']) {
        await page.goto(`${url}/${hash}`);
        await page.locator('h1').first().waitFor();
        await page.locator('.live[data-state=live]').waitFor();
        expect(await seriousFindings(page), hash).to.deep.equal([]);
      }
    });
  }

  it('is as wide as a phone', async () => {
    const page = await open('', { width: 360, height: 720 });
    for (const hash of ['#/', '#/monitors', '#/monitor/evm-node%3Abesu', '#/chains', '#/config']) {
      await page.goto(`${url}/${hash}`);
      await page.locator('h1').first().waitFor();
      await page.locator('.live[data-state=live]').waitFor();
      expect(await overflowOf(page), hash).to.be.at.most(0);
    }
  });

  it('says that it is cut off, comes back, and has missed nothing', async () => {
    const proxy: TcpProxy = await startTcpProxy({ port: Number(new URL(url).port) });
    opened = await openPage(browser, `http://127.0.0.1:${proxy.port}/#/monitors`);
    const { page } = opened;
    await page.locator('.live[data-state=live]').waitFor();
    await page.getByText('geth one').waitFor();
    proxy.refuse();
    await page.locator('.live[data-state=lost]').waitFor();
    await page.getByText('What you see is from before.').waitFor();
    under.host.round('evm-node:geth', { reported: { code: 5_015, message: 'gone' } });
    proxy.heal();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('.live[data-state=live]').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'geth one' });
    await row.getByText('Trouble seen').waitFor();
    await finish();
    await proxy.close();
  });

  it('asks for a token where one is needed, and keeps it no longer than the tab', async () => {
    const guarded = anOperator({ listen: { host: '0.0.0.0', port: 0 }, tokens: fixedToken(TOKEN) });
    const { port } = new URL(await guarded.operator.listen());
    await guarded.run(aSpec('geth', { name: 'guarded geth' }));
    opened = await openPage(browser, `http://127.0.0.1:${port}/`);
    const { page } = opened;
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Token').fill('a-wrong-token-0123456789');
    await dialog.getByRole('button', { name: 'Use it' }).click();
    await dialog.getByRole('alert').getByText('is not accepted').waitFor();
    expect(await seriousFindings(page)).to.deep.equal([]);
    await dialog.getByLabel('Token').fill(TOKEN);
    await dialog.getByLabel('Token').press('Enter');
    await page.getByRole('heading', { name: 'One monitor, and nothing is wrong' }).waitFor();
    await page.locator('.live[data-state=live]').waitFor();
    const kept = await page.evaluate<string[]>(
      '[JSON.stringify(sessionStorage), JSON.stringify(localStorage), location.href]',
    );
    expect(kept.map((text) => text.includes(TOKEN))).to.deep.equal([true, false, false]);
    await page.reload();
    await page.getByRole('heading', { name: 'One monitor, and nothing is wrong' }).waitFor();
    await finish();
    await guarded.stop();
  });
});
