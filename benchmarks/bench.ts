/**
 * `npm run bench -- NAME`: measures, prints a table, keeps the result. Promise: with `--json` stdout is one
 * JSON array and nothing else, and whatever ends it, no child and no broker stays.
 *
 *   npm run bench                        the names
 *   npm run bench -- all                 everything, about ten minutes
 *   npm run bench -- ready --quick       fewer samples; not kept
 *   npm run bench -- memory --at 20,100  only these numbers of monitors
 *   npm run -s bench -- ready --json     rows as JSON on stdout
 *   npm run bench -- --readme            README's table from the kept results
 *
 * Exit codes: 0 measured, 1 a measurement failed, 2 wrong usage, 130 and 143 stopped by a signal.
 */
import { parseArgs } from 'node:util';
import { contracts } from './contracts.js';
import type { Bench } from './lib/bench.js';
import { Lab } from './lib/lab.js';
import { machineLine, machineNow } from './lib/machine.js';
import { stderrProgress } from './lib/progress.js';
import { writeReadme } from './lib/readme.js';
import { keepResult } from './lib/results.js';
import { plainRow, type MeasuredRow } from './lib/rows.js';
import { renderRows } from './lib/table.js';
import { catchUp } from './catch-up.js';
import { events } from './events.js';
import { memory } from './memory.js';
import { metrics } from './metrics.js';
import { ready } from './ready.js';
import { reconcile } from './reconcile.js';
import { recover } from './recover.js';
import { throughput } from './throughput.js';
import { vitals } from './vitals.js';

const BENCHES: readonly Bench[] = [
  ready,
  memory,
  recover,
  reconcile,
  vitals,
  catchUp,
  contracts,
  throughput,
  metrics,
  events,
];

interface Options {
  readonly isJson: boolean;
  readonly isQuick: boolean;
  readonly numbers: readonly number[] | null;
}

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  let parsed;
  try {
    const flag = { type: 'boolean', default: false } as const;
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: flag, quick: flag, readme: flag, at: { type: 'string' } },
    });
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.readme) {
    if (positionals.length > 0) return misused('--readme takes no name: it reads the kept results');
    writeReadme();
    return 0;
  }
  const [name, ...others] = positionals;
  if (name === undefined) {
    process.stdout.write(`${names()}\n`);
    return 0;
  }
  const chosen = BENCHES.filter((bench) => name === 'all' || bench.name === name);
  if (chosen.length === 0) return misused(`there is no bench ${JSON.stringify(name)}`);
  if (others.length > 0) return misused('one name at a time, or all');
  const numbers = values.at === undefined ? null : values.at.split(',').map(Number);
  if (numbers?.every((n) => Number.isInteger(n) && n > 0) === false) {
    return misused('--at takes numbers of monitors, for example --at 20,100');
  }
  return run(chosen, { isJson: values.json, isQuick: values.quick, numbers });
}

async function run(benches: readonly Bench[], { isJson, isQuick, numbers }: Options): Promise<number> {
  const progress = stderrProgress();
  const lab = new Lab({ isQuick, numbers, progress: progress.say });
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
      try {
        const measured = await bench.run(lab);
        rows.push(...measured);
        if (!isQuick) keepResult({ bench: bench.name, machine, rows: measured });
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
  if (isJson) process.stdout.write(`${JSON.stringify(rows.map(plainRow), null, 2)}\n`);
  else process.stdout.write(`\n${machineLine(machine)}${isQuick ? ' (quick: not kept)' : ''}\n`);
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
  const lines = rows.map(([name, question]) => `  ${name.padEnd(10)} ${question}`);
  return [
    'usage: npm run bench -- NAME [--quick] [--at N,N] [--json]   or   npm run bench -- --readme',
    ...lines,
  ].join('\n');
}

function misused(why: string): number {
  process.stderr.write(`bench: ${why}\n${names()}\n`);
  return 2;
}
