/**
 * Runs one step of set-up or test as a child process. Promise: it ends by its deadline, says in one
 * line what it did and how long it took, and on failure shows the end of the step's output.
 */
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';

const TAIL_LINES = 40;
const REPEAT_MS = 10_000;

/** Whole seconds above ten, tenths below. */
export function seconds(ms) {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/**
 * @param {object} step
 * @param {string} step.title what the line says
 * @param {string} step.command program, run from `cwd`
 * @param {string[]} step.args
 * @param {string} step.cwd
 * @param {Record<string, string>} [step.env] added to the environment
 * @param {number} [step.deadlineMs] past this the child gets SIGTERM, 5 s later SIGKILL; default 10 minutes
 * @param {string} [step.onFailure] what the reader can do about it
 * @param {(line: string) => void} step.say where the lines go
 * @param {boolean} [step.isQuiet] say nothing unless it fails
 * @param {number} [step.niceness] above 0 it gives way to others
 * @returns {Promise<{ isOk: boolean, output: string, durationMs: number }>}
 */
export async function runStep(step) {
  const began = performance.now();
  const { title, say, isQuiet = false, deadlineMs = 600_000 } = step;
  const child = spawn(step.command, step.args, {
    cwd: step.cwd,
    env: { ...process.env, ...step.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (step.niceness !== undefined && child.pid !== undefined) setPriority(child.pid, step.niceness);
  let output = '';
  const keep = (chunk) => (output = (output + chunk).slice(-200_000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);

  let isLate = false;
  let forced;
  const deadline = setTimeout(() => {
    isLate = true;
    child.kill('SIGTERM');
    forced = setTimeout(() => child.kill('SIGKILL'), 5_000);
  }, deadlineMs);
  const repeat = isQuiet
    ? undefined
    : setInterval(() => say(`${title}: ${seconds(performance.now() - began)} …`), REPEAT_MS);

  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  clearTimeout(deadline);
  clearTimeout(forced);
  clearInterval(repeat);

  const durationMs = performance.now() - began;
  const isOk = ended === 0;
  if (isOk && !isQuiet) say(`${title}: done in ${seconds(durationMs)}`);
  if (!isOk) {
    const why = isLate ? `not done after ${seconds(deadlineMs)}` : `ended with ${ended}`;
    say(`${title}: FAILED (${why}) after ${seconds(durationMs)}`);
    for (const line of output.trimEnd().split('\n').slice(-TAIL_LINES)) say(`  ${line}`);
    if (step.onFailure !== undefined) say(`  → ${step.onFailure}`);
  }
  return { isOk, output, durationMs };
}
