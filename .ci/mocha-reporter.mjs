/**
 * Mocha's words in `npm test`: one line per test file, every failure in full at the end, the counts in a
 * file. Promise: a run whose process does not end by itself fails and names what keeps it alive.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

const SLOW_MS = 3_000;
const LINGER_MS = 5_000;
const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_RUN_END, EVENT_TEST_END } = Mocha.Runner.constants;

export default class FileReporter extends Mocha.reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    const out = options.reporterOptions?.out;
    const print = (line) => void process.stdout.write(`${line}\n`);
    let file = newFile(null);

    const flush = () => {
      if (file.name === null) return;
      const count =
        file.failed > 0 ? `${file.passed} passed, ${file.failed} FAILED` : `${file.passed} passed`;
      print(`  ${file.failed > 0 ? '✖' : '✔'} ${file.name}  ${count}, ${(file.ms / 1000).toFixed(1)} s`);
      for (const slow of file.slow) print(`      slow: ${slow}`);
      file = newFile(null);
    };
    const enter = (runnable) => {
      const path = runnable.file ?? runnable.parent?.file;
      const name = path === undefined ? '(root)' : relative(process.cwd(), path);
      if (name === file.name) return;
      flush();
      file = newFile(name);
    };

    runner.on(EVENT_TEST_PASS, (test) => {
      enter(test);
      file.passed += 1;
    });
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      enter(test);
      file.failed += 1;
      print(`    ✖ ${test.fullTitle()}: ${String(error?.message ?? error).split('\n')[0]}`);
    });
    runner.on(EVENT_TEST_END, (test) => {
      file.ms += test.duration ?? 0;
      if ((test.duration ?? 0) > SLOW_MS)
        file.slow.push(`${test.fullTitle()} (${(test.duration / 1000).toFixed(1)} s)`);
    });
    runner.once(EVENT_RUN_END, () => {
      flush();
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
      const { passes: passed, failures: failed } = this.stats;
      const counts = { passed, failed, failures: this.failures.map(nameOf) };
      if (out !== undefined) writeFileSync(out, JSON.stringify(counts));
      setTimeout(() => failLingering(out, counts), LINGER_MS).unref();
    });
  }
}

/** Runs only if something still keeps the loop alive: this timer does not. */
function failLingering(out, { passed, failed, failures }) {
  const alive = process.getActiveResourcesInfo().filter((type) => type !== 'TTYWrap' && type !== 'PipeWrap');
  const why = `the tests are done but the process does not end: ${alive.join(', ') || 'an unnamed handle'} still alive`;
  process.stdout.write(`  ✖ ${why}\n`);
  const counts = { passed, failed: failed + 1, failures: [...failures, why] };
  if (out !== undefined) writeFileSync(out, JSON.stringify(counts));
  process.exit(1);
}

/** One line: file, title, first line of the message. */
function nameOf(test) {
  const path = test.file ?? test.parent?.file;
  const file = path === undefined ? '(root)' : relative(process.cwd(), path);
  return `${file}: ${test.fullTitle()}: ${String(test.err?.message ?? test.err).split('\n')[0]}`;
}

function newFile(name) {
  return { name, passed: 0, failed: 0, ms: 0, slow: [] };
}
