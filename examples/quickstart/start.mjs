/**
 * `npm start`: brings up real things to watch, runs `vedette run` on them, and cleans up. Promise: what
 * it started it stops, whatever happens to vedette; its exit code is vedette's.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChainlinkReplay } from './chainlink-replay.mjs';
import { configFor } from './config.mjs';
import { freePort } from './ports.mjs';
import { findAnvil, findNodeExporter } from './programs.mjs';
import { answers, blockNumber, Target } from './target.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PORTS = { anvilA: 18545, anvilB: 18546, chainlink: 18547, exporter: 18548, dashboard: 9464 };
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const say = (line) => void process.stderr.write(`demo: ${line}\n`);
/** Newest first: what depends on another is stopped before it. */
const cleanups = [];
const told = [];
let vedette = null;

for (const signal of SIGNALS) {
  process.on(signal, () => {
    told.push(signal);
    vedette?.kill(signal);
  });
}
// A reader of our output that went away must not end the demo before it has cleaned up.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.on('SIGWINCH', () => vedette?.kill('SIGWINCH'));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}

async function main(args) {
  const ports = {};
  for (const [name, wanted] of Object.entries(PORTS)) ports[name] = await freePort(wanted);

  const anvil = findAnvil();
  if (anvil === null) {
    throw new Error(
      `there is no anvil for ${process.platform} ${process.arch} in node_modules: run \`npm run setup\``,
    );
  }
  const urlA = `http://127.0.0.1:${ports.anvilA}`;
  const urlB = `http://127.0.0.1:${ports.anvilB}`;
  const a = await start(
    'anvil A',
    anvil,
    ['--port', `${ports.anvilA}`, '--silent', '--block-time', '1'],
    () => hasBlock(urlA),
  );
  const forking = ['--fork-url', urlA, '--no-mining', '--silent'];
  await start('anvil B', anvil, ['--port', `${ports.anvilB}`, ...forking], () => hasBlock(urlB));
  cleanups.push(await startChainlinkReplay(ports.chainlink));
  const absent = (await startExporter(ports.exporter)) ? [] : ['this-machine'];

  const moved = new Map(Object.entries(PORTS).map(([name, wanted]) => [wanted, ports[name]]));
  const copy = join(ROOT, '.cache/quickstart/quickstart.yaml');
  const file = configFor(join(ROOT, 'examples/quickstart.yaml'), copy, moved, absent);

  say(
    'two Ethereum nodes (B is a fork of A that stands still, so it lags), a Chainlink node, one monitor thread each.',
  );
  say(
    `try:  edit ${relative(process.cwd(), file)} (a period, a name, an entry)  ·  kill a node: kill ${a.pid}`,
  );
  say('stop: Ctrl-C; a second one at once.');
  if (told.length > 0) return exitCodeOf(null, told[0]);
  return runVedette(file, args, ports.dashboard);
}

async function start(name, program, args, probe) {
  const target = new Target(name, program, args, ({ pid }) => {
    say(`${name} (pid ${pid}) has ended; its monitor will say so. Start it again: ${target.command}`);
  });
  cleanups.push(() => target.stop());
  // The last resort, if the demo itself breaks.
  process.once('exit', () => target.kill());
  await target.ready(probe);
  return target;
}

async function startExporter(port) {
  const program = findNodeExporter(join(ROOT, '.cache/node-exporter'));
  if (program === null) {
    say(
      'no Prometheus node_exporter here (Debian: prometheus-node-exporter): the monitor of this machine is left out.',
    );
    return false;
  }
  const args = [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  try {
    await start('node_exporter', program, args, () => answers(`http://127.0.0.1:${port}/metrics`));
    return true;
  } catch (error) {
    say(`${error.message}; the monitor of this machine is left out.`);
    return false;
  }
}

async function hasBlock(url) {
  return (await blockNumber(url)) !== null;
}

/** Resolves with its exit code. Its own process group: it hears each signal once, from us. */
function runVedette(file, args, port) {
  // Who says where to listen knows the address; 0 or `none` would be none.
  const isChosen = Boolean(process.env['VEDETTE_LISTEN']) || args.includes('--listen');
  const listen = isChosen ? [] : ['--listen', `127.0.0.1:${port}`, '--allow-actions'];
  if (!isChosen) say(`dashboard: http://127.0.0.1:${port}/`);
  const command = [join(ROOT, 'packages/cli/bin/vedette.js'), 'run', file, ...listen, ...args];
  vedette = spawn(process.execPath, command, { stdio: 'inherit', detached: true });
  return new Promise((resolve, reject) => {
    vedette.once('error', reject);
    vedette.once('exit', (code, signal) => {
      vedette = null;
      resolve(exitCodeOf(code, signal));
    });
  });
}

function exitCodeOf(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}
