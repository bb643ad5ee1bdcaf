/**
 * `npm run bench -- NAME`: measures, prints a table, keeps the result. Promise: with `--json` stdout is one
 * JSON array and nothing else, and whatever ends it, no child and no broker stays.
 *
 *   npm run bench                        everything, within half an hour; results, charts and README kept
 *   npm run bench -- --list              the names
 *   npm run bench -- capacity            one, with all the time it wants; several names are several
 *   npm run bench -- capacity --short    as it is measured in a run of all, in the time it has there
 *   npm run bench -- ready --quick       fewer samples and monitors; not kept
 *   npm run bench -- memory --at 20,100  only these numbers of monitors; not kept
 *   npm run bench -- latency --host cell,process    only these hosts; not kept
 *   npm run bench -- capacity --budget 600          at most so many seconds each
 *   npm run -s bench -- ready --json     rows as JSON on stdout
 *   npm run bench -- --readme            README's table, benchmarks/README.md and charts from the kept results
 *
 * Exit codes: 0 measured, 1 a measurement failed, 2 wrong usage, 130 and 143 stopped by a signal.
 */
import { parseArgs } from 'node:util';
import type { Bench } from './lib/bench.js';
import { HOSTS, type HostCase } from './lib/hosts.js';
import { Lab } from './lib/lab.js';
import { machineLine, machineNow } from './lib/machine.js';
import { stderrProgress } from './lib/progress.js';
import { writeReadmes } from './lib/readme.js';
import { keepResult } from './lib/results.js';
import { plainRow, type MeasuredRow } from './lib/rows.js';
import { renderRows } from './lib/table.js';
import { BENCHES } from './benches.js';

interface Options {
  readonly isJson: boolean;
  readonly isQuick: boolean;
  readonly numbers: readonly number[] | null;
  readonly hosts: readonly HostCase[];
  /** Seconds for each bench; null: its own in a run of all, and no bound for one alone. */
  readonly budgetS: number | null;
  readonly isWhole: boolean;
}

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  let parsed;
  try {
    const flag = { type: 'boolean', default: false } as const;
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: flag,
        quick: flag,
        readme: flag,
        list: flag,
        short: flag,
        at: { type: 'string' },
        host: { type: 'string' },
        budget: { type: 'string' },
      },
    });
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.readme) {
    if (positionals.length > 0) return misused('--readme takes no name: it reads the kept results');
    writeReadmes(BENCHES.map(({ name, question }) => [name, question]));
    return 0;
  }
  if (values.list) {
    process.stdout.write(`${names()}\n`);
    return 0;
  }
  const isAll = positionals.length === 0 || positionals.includes('all');
  const strange = positionals.find((name) => name !== 'all' && !BENCHES.some((bench) => bench.name === name));
  if (strange !== undefined) return misused(`there is no bench ${JSON.stringify(strange)}`);
  const chosen = BENCHES.filter(({ name }) => isAll || positionals.includes(name));
  const numbers = values.at === undefined ? null : values.at.split(',').map(Number);
  if (numbers?.every((n) => Number.isInteger(n) && n > 0) === false) {
    return misused('--at takes numbers of monitors, for example --at 20,100');
  }
  const hostNames = values.host?.split(',') ?? HOSTS.map((host) => host.name);
  const unknown = hostNames.find((one) => !HOSTS.some((host) => host.name === one));
  if (unknown !== undefined) {
    const known = HOSTS.map((host) => host.name).join(', ');
    return misused(`--host takes some of ${known}, not ${JSON.stringify(unknown)}`);
  }
  const budgetS = values.budget === undefined ? null : Number(values.budget);
  if (budgetS !== null && !(budgetS > 0)) return misused('--budget takes seconds, for example --budget 600');
  return run(chosen, {
    isJson: values.json,
    isQuick: values.quick,
    numbers,
    hosts: HOSTS.filter((host) => hostNames.includes(host.name)),
    budgetS,
    isWhole: isAll || values.short,
  });
}

async function run(benches: readonly Bench[], options: Options): Promise<number> {
  const { isJson, isQuick, isWhole, numbers, hosts } = options;
  // A part of a bench must not stand for the whole.
  const isKept = !isQuick && numbers === null && hosts.length === HOSTS.length;
  const progress = stderrProgress();
  const lab = new Lab({ ...options, progress: progress.say });
  let isStopping = false;
  const offSignals = onSignals(async (code) => {
    isStopping = true;
    progress.clear();
    await lab.close();
    process.exit(code);
  });
  const machine = machineNow();
  const rows: MeasuredRow[] = [];
  let code = 0;
  try {
    for (const bench of benches) {
      const budgetS = options.budgetS ?? (isWhole ? bench.budgetS : null);
      if (budgetS !== null) lab.allow(budgetS * 1_000);
      try {
        const measured = await bench.run(lab);
        rows.push(...measured);
        if (isKept) keepResult({ bench: bench.name, machine, rows: measured });
        progress.clear();
        if (!isJson) process.stdout.write(`\n${bench.name}: ${bench.question}\n${renderRows(measured)}\n`);
      } catch (error) {
        // Its child was ended under it: nothing more is said, and the signal's own end comes.
        if (isStopping) await new Promise(() => undefined);
        progress.clear();
        process.stderr.write(
          `bench: ${bench.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`,
        );
        code = 1;
      }
    }
  } finally {
    await lab.close();
    offSignals();
  }
  if (isWhole && isKept) writeReadmes(BENCHES.map(({ name, question }) => [name, question]));
  if (isJson) process.stdout.write(`${JSON.stringify(rows.map(plainRow), null, 2)}\n`);
  else
    process.stdout.write(
      `\n${machineLine(machine)}${isKept ? '' : ` (${isQuick ? 'quick' : 'a part'}: not kept)`}\n`,
    );
  return code;
}

/** The first one counts: npm passes on what the terminal has sent already. `stop` is soon over. */
function onSignals(stop: (code: number) => Promise<void>): () => void {
  let isStopping = false;
  const listenerOf = (code: number) => (): void => {
    if (isStopping) return;
    isStopping = true;
    void stop(code);
  };
  const [onInterrupt, onTerminate] = [listenerOf(130), listenerOf(143)];
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
  };
}

function names(): string {
  const rows = [
    ...BENCHES.map(({ name, question }) => [name, question] as const),
    ['all', 'all of them'] as const,
  ];
  const lines = rows.map(([name, question]) => `  ${name.padEnd(12)} ${question}`);
  return [
    'usage: npm run bench -- [NAME…] [--quick] [--short] [--at N,N] [--host H,H] [--budget S] [--json]',
    '   or: npm run bench -- --list, npm run bench -- --readme',
    ...lines,
  ].join('\n');
}

function misused(why: string): number {
  process.stderr.write(`bench: ${why}\n${names()}\n`);
  return 2;
}
