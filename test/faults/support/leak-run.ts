/**
 * One leak on one host: a `vedette run` of its own with a few neighbours, to which a monitor is added that leaks once.
 * Promise: nothing of it is left, and memory stays under half a gigabyte or what the host gives its threads.
 */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { startVedette } from '../../support/vedette.js';

/** Of peers.md 4.5. */
export const LEAK_SHAPES = [
  'arrays',
  'objects',
  'strings',
  'push',
  'filled',
  'map',
  'json',
  'buffers',
] as const;
export type LeakShape = (typeof LEAK_SHAPES)[number];
export type LeakSpeed = 'fast' | 'slow';

export interface LeakHost {
  readonly name: string;
  readonly args: readonly string[];
  /** Pause between the steps of a slow leak, a quarter of a megabyte each. Default 40 ms. */
  readonly stepMs?: number;
}

export const LEAK_HOSTS: readonly LeakHost[] = [
  { name: 'thread', args: ['--host', 'thread'] },
  { name: 'dense', args: ['--host', 'dense', '--density', '4'] },
  { name: 'process', args: ['--host', 'process'] },
  { name: 'cell', args: ['--host', 'cell'] },
  { name: 'cell that packs', args: ['--host', 'cell', '--density', '4'] },
  // Its threads hold ten times as much.
  { name: 'pool', args: ['--host', 'pool', '--threads', '2'], stepMs: 5 },
];

export interface LeakResult {
  /** Null, or how the manager ended. */
  readonly managerEnd: string | null;
  /** Starts of the leaking one beyond its first, and why. */
  readonly restarts: number;
  readonly causes: readonly string[];
  /** Of the neighbour with most. */
  readonly neighbourRestarts: number;
  /** What did not happen in time: the leak ended, and all publish again. */
  readonly problem: string | null;
}

const NEIGHBOURS = 6;
const PERIOD_MS = 300;
const PATIENCE_MS = 60_000;
/** A slow leak that writes no more for so long is over. */
const STILL_MS = 2_500;
const STRATEGY = 'test/faults/support/light-strategy.mjs';

export async function runLeak(host: LeakHost, shape: LeakShape, speed: LeakSpeed): Promise<LeakResult> {
  const folder = await mkdtemp(join(tmpdir(), 'vedette-leak-'));
  const [file, output, marker] = ['monitors.json', 'out.jsonl', 'leak'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const entry = (id: string, settings: object = {}): object => ({
    ...{ kind: 'light', id, name: id, chain: 'local', period: `${PERIOD_MS}ms`, settings },
  });
  const ids = Array.from({ length: NEIGHBOURS }, (_none, index) => `neighbour-${index}`);
  const neighbours = ids.map((id) => entry(id));
  await writeFile(file, JSON.stringify({ monitors: neighbours }));
  const words = ['--strategy', STRATEGY, '--output', output, '--state', join(folder, 'state')];
  const vedette = startVedette(['run', file, ...host.args, ...words, '--log-format', 'json']);
  const isAlive = (): boolean => vedette.child.exitCode === null && vedette.child.signalCode === null;
  /** Messages of each so far. */
  const counts = async (): Promise<(id: string) => number> => {
    const text = await readFile(output, 'utf8').catch(() => '');
    return (id) => text.split(`{"name": "${id}",`).length - 1;
  };
  /** Each publishes twice more, or the manager has ended. */
  const arePublishing = async (wanted: readonly string[], what: string): Promise<void> => {
    const before = await counts();
    await eventually(
      async () => {
        if (!isAlive()) return true;
        const now = await counts();
        return wanted.every((id) => now(id) > before(id) + 1);
      },
      { deadlineMs: PATIENCE_MS, everyMs: 50, what },
    );
  };
  let problem: string | null = null;
  try {
    await arePublishing(ids, 'the neighbours at work');
    await writeFile(marker, '');
    const leaking = entry('leak', {
      ...{ fault: `leak-${shape}-${speed}`, url: marker, afterMs: host.stepMs ?? 40 },
    });
    await writeFile(file, JSON.stringify({ monitors: [...neighbours, leaking] }));
    await eventually(async () => !isAlive() || !(await isThere(marker)), {
      ...{ deadlineMs: PATIENCE_MS, everyMs: 20, what: 'the leak begun' },
    });
    const began = Date.now();
    const goesOn = async (): Promise<boolean> =>
      speed === 'slow'
        ? await isFresh(`${marker}.goes-on`)
        : shape === 'buffers' && startsOf(vedette.stderr(), 'leak') < 2 && Date.now() - began < STILL_MS * 2;
    await eventually(async () => !isAlive() || !(await goesOn()), {
      ...{ deadlineMs: PATIENCE_MS, everyMs: 50, what: 'the end of the leak' },
    });
    await arePublishing([...ids, 'leak'], 'all at work after the leak');
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const wasAlive = isAlive();
  const { stderr, code, signal } = await vedette.stop();
  // Also one that was ended only while it stopped: by V8 at last, or by us since it did not end.
  const managerEnd = signal ?? (wasAlive ? null : String(code));
  await rm(folder, { recursive: true });
  if (managerEnd === null && code !== 0) problem ??= `exit code ${String(code)} at the stop`;
  return {
    managerEnd,
    restarts: startsOf(stderr, 'leak') - 1,
    causes: [
      ...new Set(
        [...stderr.matchAll(/"monitorId":"light:leak".*?"cause":"([\w-]+)"/g)].map(([, cause = '']) => cause),
      ),
    ],
    neighbourRestarts: Math.max(...ids.map((id) => startsOf(stderr, id) - 1)),
    problem,
  };
}

function startsOf(log: string, id: string): number {
  const lines = log.split('\n').filter((line) => line.includes('"message":"Monitor is running"'));
  return lines.filter((line) => line.includes(`"monitorId":"light:${id}"`)).length;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function isFresh(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found === null || Date.now() - found.mtimeMs < STILL_MS;
}
