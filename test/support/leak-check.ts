/**
 * Root hooks of every mocha run. Promise: a test file that leaves a worker thread, child process, server,
 * socket or timer alive fails, and the message names what stayed.
 *
 * Threads and children are followed from their creation; for the rest, what keeps Node's loop alive is
 * counted before the first test and after each file. What is still closing gets a moment to finish.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ChildProcess } from 'node:child_process';
import type { Worker } from 'node:worker_threads';
import type { RootHookObject, Suite } from 'mocha';
import { PATIENCE } from './patience.js';

const GRACE_MS = 10_000 * PATIENCE;
const LOOK_EVERY_MS = 20;
/** Left out: pipes and terminals (stdio opens late) and short-lived requests. */
const WATCHED = new Map([
  ['Timeout', 'timer'],
  ['TCPSocketWrap', 'socket'],
  ['TCPServerWrap', 'server'],
  ['TLSWrap', 'TLS socket'],
  ['UDPWRAP', 'UDP socket'],
  ['FSEventWrap', 'file watcher'],
  ['StatWatcher', 'file watcher'],
  ['SignalWrap', 'signal listener'],
]);

const HOOKS = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'] as const;
/** Of mocha's `Suite`, whose types leave it out. */
interface WithHooks {
  getHooks(kind: (typeof HOOKS)[number]): readonly Mocha.Hook[];
}

const alive = new Map<Worker | ChildProcess, string>();
let baseline = new Map<string, number>();

subscribe('worker_threads', (message) => {
  const { worker } = message as { worker: Worker };
  follow(worker, `worker thread ${worker.threadId}, begun ${whereNow()}`);
});
subscribe('child_process', (message) => {
  const child = (message as { process: ChildProcess }).process;
  // The pid is not known yet at this point.
  child.once('spawn', () => {
    follow(child, `child process ${child.pid} (${child.spawnfile})`);
  });
});

export const mochaHooks: RootHookObject = {
  async beforeAll(this: Mocha.Context) {
    // Async like the check below, so that mocha's own timer is in both counts.
    await pause();
    baseline = census();
    alive.clear();
    for (const suite of rootOf(this).suites) {
      bePatient(suite);
      // Added last, so it runs after the file's own `after` hooks.
      suite.afterAll('leaves nothing alive', nothingIsLeft);
    }
  },
};

/** Each test, hook and suite has {@link PATIENCE} times what is written there. */
function bePatient(suite: Suite): void {
  suite.timeout(suite.timeout() * PATIENCE);
  const hooks = HOOKS.flatMap((kind) => (suite as unknown as WithHooks).getHooks(kind));
  for (const one of [...hooks, ...suite.tests]) one.timeout(one.timeout() * PATIENCE);
  for (const inner of suite.suites) bePatient(inner);
}

async function nothingIsLeft(this: Mocha.Context): Promise<void> {
  this.timeout(GRACE_MS + 5_000);
  const end = performance.now() + GRACE_MS;
  let leaks: string[];
  do {
    await pause();
    leaks = leaksNow();
  } while (leaks.length > 0 && performance.now() < end);
  if (leaks.length === 0) return;
  // One report per leak: the files that follow start from here.
  baseline = census();
  alive.clear();
  throw new Error(`still alive ${GRACE_MS} ms after the last test of this file: ${leaks.join(', ')}`);
}

/** The frames outside of Node, so that a leak names who made it. */
function whereNow(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const own = frames.filter((frame) => !/\bnode:|leak-check/.test(frame)).map((frame) => frame.trim());
  return (
    own.slice(0, 4).join(' ') ||
    frames
      .slice(3, 9)
      .map((frame) => frame.trim())
      .join(' ')
  );
}

function follow(thing: Worker | ChildProcess, words: string): void {
  alive.set(thing, words);
  (thing as ChildProcess).once('exit', () => alive.delete(thing));
}

function leaksNow(): string[] {
  const now = census();
  const counted = [...WATCHED].flatMap(([type, word]) => {
    const extra = (now.get(type) ?? 0) - (baseline.get(type) ?? 0);
    return extra > 0 ? [`${extra} ${word}${extra > 1 ? 's' : ''}`] : [];
  });
  return [...alive.values(), ...counted];
}

function census(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function rootOf(context: Mocha.Context): Suite {
  let suite = context.test?.parent;
  while (suite?.parent !== undefined && !suite.root) suite = suite.parent;
  if (suite === undefined) throw new Error('a root hook runs in a suite');
  return suite;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LOOK_EVERY_MS);
  });
}
