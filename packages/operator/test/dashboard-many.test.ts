/** Five thousand monitors on the dashboard. How fast that is, the bench `dashboard` measures. */
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openPage, startBrowser, type OpenPage } from '../../../test/support/browser.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';

const MANY = 5_000;

describe('the dashboard with five thousand monitors', function () {
  this.timeout(120_000);
  let browser: Browser;
  let under: TestOperator;
  let opened: OpenPage;

  before(async () => {
    browser = await startBrowser();
    under = anOperator();
    await under.run(
      ...Array.from({ length: MANY }, (_, index) => {
        const number = String(index).padStart(4, '0');
        return aSpec(`n${number}`, { name: `node ${number}`, chain: `chain ${index % 7}` });
      }),
    );
    opened = await openPage(browser, `${await under.operator.listen()}/#/monitors?sort=name`);
    await opened.page.getByText('5\u202f000 monitors').waitFor();
  });
  after(async () => {
    await opened.close();
    await browser.close();
    await under.stop();
  });

  it('draws only those that are seen, and tells readers of all', async () => {
    const { page } = opened;
    expect(await page.getByRole('row').count()).to.be.within(10, 60);
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).to.equal(String(MANY + 1));
  });

  it('goes to the last with one key, and to any by what is typed', async () => {
    const { page } = opened;
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.getByText('node 4999').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('node 1234');
    await page.getByText('1 of 5\u202f000 monitors').waitFor();
    expect(await page.getByRole('row').count()).to.equal(2);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.getByText('5\u202f000 monitors').waitFor();
  });

  it('shows each of many rounds that end at once', async () => {
    const { page } = opened;
    for (let index = 0; index < MANY; index += 1) {
      const id = `evm-node:n${String(index).padStart(4, '0')}`;
      under.host.round(id, index % 100 === 7 ? { reported: { code: 5_015, message: 'down' } } : {});
    }
    await page.getByLabel('Condition', { exact: true }).selectOption('reporting');
    await page.getByText('50 of 5\u202f000 monitors').waitFor();
    expect(opened.complaints).to.deep.equal([]);
  });
});
