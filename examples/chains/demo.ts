/**
 * `npm run demo:chains`: two live chains, Vedette on them, and what it observes, for two minutes (`-- --for 30s`).
 * Promise: what it started it stops, also on Ctrl-C. Exit codes: 0 all monitors had a good round, or it was
 * interrupted; 1 one had none, or something did not start; 2 wrong usage.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseDurationMs } from '@vedette/contract';
import { startChains, type Stage } from './chains.js';
import { configOf, WATCHED } from './config.js';
import { Facts } from './facts.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, '.cache/demo-chains');
const PRINT_EVERY_MS = 10_000;
const STOP_DEADLINE_MS = 15_000;

const say = (line: string): void => void process.stderr.write(`demo: ${line}\n`);
const stage: Stage = { say, cleanups: [] };
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second one does not wait for anybody; what is left is killed on exit.
    if (interruption.signal.aborted) process.exit(130);
    say(`${signal}: stopping …`);
    interruption.abort();
  });
}
// A reader of our output that went away must not end the demo before it has cleaned up.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const durationMs = durationIn(process.argv.slice(2));
if (durationMs === null) {
  say('usage: npm run demo:chains -- [--for DURATION], for example --for 30s');
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await main(durationMs);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = interruption.signal.aborted ? 0 : 1;
  } finally {
    for (const cleanup of stage.cleanups.reverse()) await cleanup().catch(() => undefined);
    // Interrupted while it started things: what came up since is killed on exit.
    if (interruption.signal.aborted) process.exit();
  }
}

function durationIn(args: string[]): number | null {
  try {
    const { values } = parseArgs({ args, options: { for: { type: 'string', default: '2m' } } });
    return parseDurationMs(values.for);
  } catch {
    return null;
  }
}

async function main(forMs: number): Promise<number> {
  const { signal } = interruption;
  const stopped = once(signal, 'abort').then(() => null);
  const addresses = await Promise.race([startChains(stage), stopped]);
  if (addresses === null) return 0;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const [config, output, log] = ['monitors.yaml', 'messages.jsonl', 'vedette.log'].map((file) =>
    join(FOLDER, file),
  );
  if (config === undefined || output === undefined || log === undefined) return 1;
  writeFileSync(config, configOf(addresses));
  const here = (path: string): string => relative(process.cwd(), path);
  say(`vedette run ${here(config)} --output ${here(output)}; its log: ${here(log)}`);
  const vedette = startVedette(config, output, log);
  stage.cleanups.push(() => stop(vedette));

  say(
    `${WATCHED.length} monitors, a thread each, for ${Math.round(forMs / 1_000)} s; Ctrl-C ends it earlier`,
  );
  const facts = new Facts(output);
  const began = Date.now();
  const end = began + forMs;
  while (Date.now() < end && !signal.aborted && vedette.exitCode === null) {
    await sleep(Math.min(PRINT_EVERY_MS, end - Date.now()), null, { signal }).catch(() => null);
    if (signal.aborted) break;
    facts.read();
    const now = Date.now();
    const title = `after ${Math.round((now - began) / 1_000)} s`;
    process.stdout.write(`${title}\n${facts.lines(now).join('\n')}\n`);
  }
  const hasEndedItself = vedette.exitCode !== null;
  await stop(vedette);
  facts.read();
  if (signal.aborted) return 0;
  if (hasEndedItself || vedette.exitCode !== 0) {
    say(`vedette ended with ${String(vedette.exitCode ?? vedette.signalCode)}; see ${here(log)}`);
    return 1;
  }
  const without = facts.withoutResult;
  if (without.length > 0) {
    say(`never had a good round: ${without.join(', ')}; see ${here(log)}`);
    return 1;
  }
  say(`all ${WATCHED.length} monitors had good rounds; vedette and both chains are being stopped`);
  return 0;
}

/** In a process group of its own: Ctrl-C must reach the demo first, which stops vedette before its sources. */
function startVedette(config: string, output: string, log: string): ChildProcess {
  const args = [
    join(ROOT, 'packages/cli/bin/vedette.js'),
    'run',
    config,
    '--broker',
    'embedded',
    '--no-table',
    '--listen',
    '127.0.0.1:0',
  ];
  const child = spawn(process.execPath, [...args, '--state', join(FOLDER, 'state'), '--output', output], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  child.stderr.pipe(createWriteStream(log));
  process.once('exit', () => {
    if (isAlive(child)) child.kill('SIGKILL');
  });
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await ended;
  clearTimeout(force);
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
