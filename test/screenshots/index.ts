/**
 * `npm run screenshots`: takes the pictures of the documentation from a real run. They are small because they are drawn
 * with few colours; nothing of them is made up.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ensureChromium } from '../../.ci/chromium.mjs';
import { openPage, startBrowser, type PageOptions } from '../support/browser.js';
import { ROOT } from '../support/root.js';
import { startScene } from './scene.js';

const FOLDER = join(ROOT, 'docs/images');
/** So that lines and bands have something to show. */
const LIVED_MS = 45_000;

interface Shot extends PageOptions {
  readonly name: string;
  readonly hash: string;
  readonly before?: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: 'overview', hash: '#/', width: 1_180, height: 760 },
  { name: 'monitors', hash: '#/monitors', scheme: 'dark', width: 1_280, height: 560 },
  { name: 'monitor', hash: '#/monitor/evm-node%3Agno-2', width: 1_180, height: 860 },
  { name: 'chains', hash: '#/chains', width: 1_080, height: 500 },
  { name: 'config', hash: '#/config', width: 1_080, height: 400, scheme: 'dark' },
  { name: 'phone', hash: '#/', width: 390, height: 780 },
];

process.exitCode = await main();

async function main(): Promise<number> {
  if (!(await ensureChromium())) return 1;
  await mkdir(FOLDER, { recursive: true });
  const say = (line: string): void => void process.stderr.write(`screenshots: ${line}\n`);
  say('starting nodes and vedette …');
  const scene = await startScene();
  const browser = await startBrowser();
  try {
    say(`letting them live for ${LIVED_MS / 1_000} s …`);
    await new Promise((resolve) => {
      setTimeout(resolve, LIVED_MS);
    });
    for (const shot of SHOTS) {
      const { page, close, complaints } = await openPage(browser, `${scene.url}/${shot.hash}`, shot);
      await page.locator('.live[data-state=live]').waitFor();
      await shot.before?.(page);
      // What the server still remembers comes within seconds.
      await page.waitForTimeout(5_000);
      const path = join(FOLDER, `${shot.name}.png`);
      await writeFile(path, await page.screenshot());
      say(`docs/images/${shot.name}.png, ${Math.round((await stat(path)).size / 1_000)} kB`);
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
      await close();
    }
    return 0;
  } finally {
    await browser.close();
    await scene.stop();
  }
}
