/**
 * `npm test`: installs, builds, provides RabbitMQ, then lint, types and every test, in three lanes: most time of
 * those that start processes is waiting, so they run beside each other, and all others beside them give way. Promise: the last line is
 * `N passed, N failed`, and the exit code is 1 if anything failed.
 *
 *   npm test                       everything
 *   npm test -- --only broker      only test files whose path holds `broker`; no lint, no types
 *   npm test -- --only x --repeat 20
 */
import { spawn } from 'node:child_process';
import { ensureCounterparts } from './counterparts.mjs';
import { filesUnder } from './files.mjs';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from './chromium.mjs';
import { ensurePrometheus } from './prometheus.mjs';
import { ensureRabbit } from './rabbitmq.mjs';
import { ROOT, setup } from './setup.mjs';
import { runStep, seconds } from './steps.mjs';
import { ensureSystemd } from './systemd.mjs';

const TEST_FILE = /^(packages\/[^/]+\/)?test\/.*\.test\.ts$/;
/** Tests that start processes and wait for them: they take their time whatever the processor does. */
const WAITING = { faults: /^test\/faults\//, whole: /^test\/whole\// };
/** Tests that look at pages. */
const IN_BROWSER = /\/dashboard(-browser|-many)?\.test\.ts$/;
/** The others, in processes of their own, the longest first; what none of these matches is last. */
const PARTS = [
  /^packages\/supervisor\//,
  /^packages\/monitors-/,
  /^test\/tooling\//,
  /^packages\/(cli|contract|manager|monitor)\//,
  /^packages\/broker\//,
];
/** They give way to those that wait. */
const GIVING_WAY = 10;
/** Who needs programs of Debian's that most tests do not. */
const PROMETHEUS_TESTS = [
  'test/whole/prometheus.test.ts',
  'test/tooling/prometheus-example.test.ts',
  'test/tooling/image.test.ts',
];
const SYSTEMD_TESTS = ['test/whole/systemd.test.ts'];
const LANE_DEADLINE_MS = 20 * 60_000;
const KILL_AFTER_MS = 5_000;

const total = { passed: 0, failed: 0 };
const say = (line) => void process.stdout.write(`${line}\n`);
/** A line each, said again at the end: a log is often read from there. */
const failures = [];
const count = (isOk, what) => {
  if (isOk) total.passed += 1;
  else {
    total.failed += 1;
    failures.push(what);
  }
};

const began = performance.now();
const options = readOptions();
if (options !== null) await main(options);
if (failures.length > 0) headline('what failed');
for (const line of failures) say(`  ✖ ${line}`);
say(`\nall steps took ${seconds(performance.now() - began)}`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && options !== null ? 0 : 1;

async function main({ only, repeat }) {
  headline('install and build');
  if (!(await setup())) return count(false, 'install and build');

  headline('RabbitMQ');
  if (!(await ensureRabbit())) count(false, 'RabbitMQ');

  headline('chains to test against');
  if (needsCounterparts(only) && !(await ensureCounterparts())) count(false, 'chains to test against');

  if (areRun(PROMETHEUS_TESTS, only)) {
    headline('Prometheus');
    if (!(await ensurePrometheus())) count(false, 'Prometheus');
  }
  if (areRun(SYSTEMD_TESTS, only)) {
    headline('systemd');
    if (!(await ensureSystemd())) count(false, 'systemd');
  }

  const files = [...filesUnder(ROOT, 'packages'), ...filesUnder(ROOT, 'test')]
    .filter((file) => TEST_FILE.test(file) && (only === null || file.includes(only)))
    .sort();
  if (files.some((file) => IN_BROWSER.test(file))) {
    headline('Chromium');
    if (!(await ensureChromium())) count(false, 'Chromium');
  }
  const waiting = Object.entries(WAITING)
    .map(([lane, pattern]) => ({ lane, files: files.filter((file) => pattern.test(file)) }))
    .filter((one) => one.files.length > 0);
  const others = files.filter((file) => !waiting.some((one) => one.files.includes(file)));
  for (let turn = 1; turn <= repeat; turn += 1) {
    headline(`tests${repeat > 1 ? ` (${turn} of ${repeat})` : ''}: ${files.length} files`);
    const parts = partsOf(others);
    const runOthers = async (lane, print) => {
      for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
        await mocha(lane, part, print, GIVING_WAY);
      }
    };
    const runWaiting = async ({ lane, files: own }, print) => {
      await mocha(lane, own, print, 0);
      await runOthers(lane, print);
    };
    const runBeside = async (print) => {
      if (only === null) {
        const [isLinted, isTyped] = await Promise.all([lint(), types()]);
        count(isLinted, 'lint');
        count(isTyped, 'types of tests');
      }
      await runOthers('beside', print);
    };
    await inLanes([
      ...waiting.map((one) => ({ name: one.lane, run: (print) => runWaiting(one, print) })),
      { name: 'beside', run: runBeside },
    ]);
  }
  if (total.passed + total.failed === 0) {
    count(false, `no test file holds "${only}" in its path`);
  }
}

/** At once; the first shows its lines as they come, each other one when it is done. */
async function inLanes(lanes) {
  await Promise.all(
    lanes.map(async ({ name, run }, index) => {
      const laneBegan = performance.now();
      const shown = [];
      await run((text) => (index === 0 ? process.stdout.write(text) : shown.push(text)));
      if (shown.length > 0) process.stdout.write(shown.join(''));
      headline(`lane ${name}: done after ${seconds(performance.now() - laneBegan)}`);
    }),
  );
}

function partsOf(files) {
  const partOf = (file) => PARTS.findIndex((pattern) => pattern.test(file));
  return [...PARTS.keys(), -1]
    .map((part) => files.filter((file) => partOf(file) === part))
    .filter((part) => part.length > 0);
}

/** They are large, and only these tests use them. */
function needsCounterparts(only) {
  return only === null || 'packages/monitors-substrate/test/substrate-real.test.ts'.includes(only);
}

function areRun(files, only) {
  return only === null || files.some((file) => file.includes(only));
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, repeat: { type: 'string', default: '1' } },
    });
    const repeat = Number(values.repeat);
    if (!Number.isInteger(repeat) || repeat < 1) throw new Error('--repeat takes a whole number from 1');
    return { only: values.only ?? null, repeat };
  } catch (error) {
    say(`${error.message}\nusage: npm test -- [--only PART-OF-PATH] [--repeat N]`);
    count(false, 'options');
    return null;
  }
}

function headline(text) {
  say(`\n── ${text} · ${seconds(performance.now() - began)}`);
}

/** ESLint, then Prettier: one test. */
async function lint() {
  const eslint = await node(
    'eslint',
    ['node_modules/eslint/bin/eslint.js', '.'],
    'Correct them, or `npm run format`.',
  );
  const prettier = await node(
    'prettier',
    ['node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'],
    'Run `npm run format`.',
  );
  return eslint && prettier;
}

/** Of the tests, then of the page in the browser: one test. */
async function types() {
  const compiler = 'node_modules/typescript/lib/tsc.js';
  const tests = await node('types of tests', [compiler, '-p', 'tsconfig.tests.json', '--pretty', 'false']);
  const page = await node('types of the dashboard', [
    compiler,
    '-p',
    'packages/operator/web',
    '--pretty',
    'false',
  ]);
  return tests && page;
}

async function node(title, args, onFailure) {
  const step = { title, command: process.execPath, args, cwd: ROOT, onFailure, say, niceness: GIVING_WAY };
  return (await runStep(step)).isOk;
}

/** One process for all `files` of a lane; its counts come back in a file, since tests own stdout too. */
async function mocha(lane, files, print, niceness) {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const out = join(ROOT, '.cache', `mocha-${lane}-${process.pid}.json`);
  rmSync(out, { force: true });
  const args = [
    '--import',
    'tsx',
    'node_modules/mocha/bin/mocha.js',
    '--reporter',
    './.ci/mocha-reporter.mjs',
  ];
  const child = spawn(process.execPath, [...args, '--reporter-option', `out=${out}`, ...files], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) setPriority(child.pid, niceness);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', print);
  const isEnded = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  let killTimer;
  const deadline = setTimeout(() => {
    print(`  ✖ not done after ${seconds(LANE_DEADLINE_MS)}: stopped\n`);
    child.kill('SIGTERM');
    killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  }, LANE_DEADLINE_MS);
  const ended = await isEnded;
  clearTimeout(deadline);
  clearTimeout(killTimer);

  const counts = readCounts(out);
  rmSync(out, { force: true });
  const fail = (what) => {
    print(`  ✖ ${what}\n`);
    count(false, what);
  };
  if (counts === null) return fail(`mocha ended with ${ended} before it had counted its tests (${lane})`);
  total.passed += counts.passed;
  total.failed += counts.failed;
  failures.push(...counts.failures);
  if (counts.failed === 0 && ended !== 0) fail(`mocha counted no failure but ended with ${ended} (${lane})`);
}

function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
