/**
 * A real program the demo watches. Promise: it is either ready by its deadline or stopped again, and
 * `stop` ends it, by force if need be.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const READY_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 2_000;
const LOOK_EVERY_MS = 25;

export class Target {
  #child;
  #isStopping = false;

  /** `onEnded` is called once if the program ends without being asked to. */
  constructor(name, program, args, onEnded) {
    this.name = name;
    this.command = [program, ...args].join(' ');
    // In a process group of its own: Ctrl-C must reach the demo first, which stops its targets last.
    this.#child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.failure = '';
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.failure = (this.failure + text).slice(-1_000);
    });
    this.#child.once('error', (error) => (this.failure = error.message));
    this.#child.once('exit', () => {
      if (!this.#isStopping && this.isReady) onEnded(this);
    });
    this.isReady = false;
  }

  get pid() {
    return this.#child.pid;
  }

  get isAlive() {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when `probe` first succeeds; rejects if the program ends before, or at the deadline. */
  async ready(probe, deadlineMs = READY_DEADLINE_MS) {
    const end = performance.now() + deadlineMs;
    while (performance.now() < end) {
      if (await probe().catch(() => false)) {
        this.isReady = true;
        return;
      }
      if (!this.isAlive) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    await this.stop();
    throw new Error(`${this.name} did not start (${this.command}): ${this.failure.trim() || 'no answer'}`);
  }

  /** At once and without a word; nothing happens if it has ended. */
  kill() {
    if (this.isAlive) this.#child.kill('SIGKILL');
  }

  async stop() {
    this.#isStopping = true;
    if (!this.isAlive) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(force);
  }
}

/** The highest block of an Ethereum node, or null if it has none to tell. */
export async function blockNumber(url) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] }),
    signal: AbortSignal.timeout(1_000),
  });
  const { result } = await response.json();
  return typeof result === 'string' ? Number(result) : null;
}

export async function answers(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.arrayBuffer();
  return response.ok;
}
