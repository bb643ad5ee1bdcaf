/**
 * `npm run screenshots`: takes the pictures of the documentation from a real run. They are small because they are drawn
 * with few colours; nothing of them is made up.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureChromium } from '../../.ci/chromium.mjs';
import { openPage, startBrowser, type PageOptions } from '../support/browser.js';
import { ROOT } from '../support/root.js';
import { startScene } from './scene.js';

const FOLDER = join(ROOT, 'docs/images');
/** So that lines and bands have something to show. */
const LIVED_MS = 45_000;
/** After a node died. */
const MOURNED_MS = 12_000;

interface Shot extends PageOptions {
  readonly name: string;
  readonly hash: string;
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
    // What is open sees what happens.
    const open = await Promise.all(SHOTS.map((shot) => openPage(browser, `${scene.url}/${shot.hash}`, shot)));
    say(`letting them live for ${LIVED_MS / 1_000} s …`);
    await pause(LIVED_MS);
    await scene.worsen();
    await pause(MOURNED_MS);
    for (const [index, shot] of SHOTS.entries()) {
      const { page, close, complaints } = open[index]!;
      await page.locator('.live[data-state=live]').waitFor();
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
