/**
 * A real browser looks at the dashboard of a fleet of which rounds end at a steady pace: when the first text and the
 * first row are there, when all monitors are, and how many frames a second a fast scroll through all of them has.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession } from 'playwright-core';
import { openPage, startBrowser } from '../../test/support/browser.js';
import { ROOT } from '../../test/support/root.js';
import { startObservedFleet } from '../lib/observed-fleet.js';
import { serve } from '../lib/serve.js';

export interface DashboardArgs {
  readonly monitors: number;
  readonly perSecond: number;
  readonly samples: number;
  readonly scrollMs: number;
}
/** Milliseconds since the page was asked for, and frames a second; one figure per page. */
export interface DashboardResult {
  readonly paint: number[];
  readonly firstRow: number[];
  readonly all: number[];
  readonly fps: number[];
  /** The same of a page on which nothing is scrolled: what this machine can do at best. */
  readonly still: number[];
  /** Milliseconds of processor the page's main thread takes for a frame of a scroll. */
  readonly frameCpu: number[];
  /** Frames of all runs that took longer than 20 ms, percent. */
  readonly slowFrames: number[];
  readonly scriptBytes: number;
}

const EVERY_MS = 20;
const FACTS = 20;

/** In the page: the count stands in the head of the table, and says when all are there. */
const WHEN_THERE = `new Promise((resolve) => {
  let firstRow = 0;
  const look = () => {
    if (firstRow === 0 && document.querySelector('.grid-space .grid-row') !== null) firstRow = performance.now();
    const isAll = /^[\\d\\u202f]+ monitors$/.test(document.querySelector('.table-head p')?.textContent ?? '');
    if (!isAll) return requestAnimationFrame(look);
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    resolve({ paint: paint?.startTime ?? 0, firstRow, all: performance.now() });
  };
  look();
})`;

/** In the page: as fast as a wheel that is thrown, up and down. */
const scrolled = (ms: number, pixels: number): string => `new Promise((resolve) => {
  const body = document.querySelector('.grid-body');
  const frames = [];
  const begin = performance.now();
  let direction = 1;
  const step = (at) => {
    frames.push(at);
    if (at - begin > ${ms}) return resolve(frames);
    if (body.scrollTop + body.clientHeight >= body.scrollHeight - 1) direction = -1;
    else if (body.scrollTop <= 0) direction = 1;
    body.scrollTop += direction * ${pixels};
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

serve(async (args: DashboardArgs, progress): Promise<DashboardResult> => {
  const { url, host, stop } = await startObservedFleet(args.monitors, FACTS);
  const timer = setInterval(() => {
    for (let event = 0; event < (args.perSecond * EVERY_MS) / 1_000; event += 1) host.round();
  }, EVERY_MS);
  const browser = await startBrowser();
  const result: DashboardResult = {
    paint: [],
    firstRow: [],
    all: [],
    fps: [],
    still: [],
    frameCpu: [],
    slowFrames: [],
    scriptBytes: scriptBytes(),
  };
  try {
    for (let sample = -1; sample < args.samples; sample += 1) {
      progress(`dashboard: page ${sample + 1} of ${args.samples}`);
      const { page, close } = await openPage(browser, `${url}/#/monitors`);
      const times = await page.evaluate<{ paint: number; firstRow: number; all: number }>(WHEN_THERE);
      const still = await page.evaluate<number[]>(scrolled(args.scrollMs / 3, 0));
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      const cpuBefore = await mainThreadMs(session);
      const frames = await page.evaluate<number[]>(scrolled(args.scrollMs, 240));
      const cpu = (await mainThreadMs(session)) - cpuBefore;
      await close();
      // The first page warms the browser.
      if (sample < 0) continue;
      result.paint.push(times.paint);
      result.firstRow.push(times.firstRow);
      result.all.push(times.all);
      const gaps = gapsOf(frames);
      result.frameCpu.push(cpu / frames.length);
      result.fps.push(rateOf(gaps));
      result.still.push(rateOf(gapsOf(still)));
      result.slowFrames.push((gaps.filter((gap) => gap > 20).length * 100) / gaps.length);
    }
  } finally {
    clearInterval(timer);
    await browser.close();
    await stop();
  }
  return result;
});

/** Processor time, so that others on this machine do not count. */
async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
}

function gapsOf(frames: readonly number[]): number[] {
  return frames.slice(1).map((at, index) => at - (frames[index] ?? at));
}

function rateOf(gaps: readonly number[]): number {
  return (gaps.length * 1_000) / gaps.reduce((sum, gap) => sum + gap, 0);
}

function scriptBytes(): number {
  const folder = join(ROOT, 'packages/operator/dashboard');
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  return scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
}
