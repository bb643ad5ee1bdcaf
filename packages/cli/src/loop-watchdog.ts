/**
 * Watches the loop of the main thread from a thread of its own. Promise: a manager that stands still for the
 * limit ends, with a line that says so, and a standby or whatever restarts it takes over. Nothing else could
 * end it: its signals, its lock and its heartbeats all wait for that same loop.
 */
import { url } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { VedetteError } from '@vedette/contract';
import type { WatchdogData } from './loop-watchdog-thread.js';

/** Beats per limit; the thread looks as often. */
const BEATS = 10;

/** Returns a function that ends it. */
export function startLoopWatchdog(limitMs: number): () => void {
  // Somebody who stops at a breakpoint is no reason to end.
  if (url() !== undefined) return () => undefined;
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const everyMs = limitMs / BEATS;
  const { code, message, remedy } = new VedetteError(
    'MANAGER_HUNG',
    `The main loop has stood still for ${limitMs} ms, this process ends`,
  );
  const data: WatchdogData = {
    beats,
    everyMs,
    looks: BEATS,
    line: `vedette: ${code} ${message}\n  ${remedy}\n`,
  };
  const thread = new Worker(new URL('./loop-watchdog-thread.js', import.meta.url), {
    name: 'loop watchdog',
    workerData: data,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8 },
  });
  // Without it the manager works as before, only unwatched.
  thread.on('error', () => undefined);
  thread.unref();
  const timer = setInterval(() => Atomics.add(beats, 0, 1), everyMs / 2);
  timer.unref();
  return () => {
    clearInterval(timer);
    void thread.terminate();
  };
}
