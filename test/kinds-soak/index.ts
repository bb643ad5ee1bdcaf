/**
 * `npm run test:kinds`: all ten kinds together, their sources failing at random. Exit codes: 0 all targets met,
 * 1 one missed or it failed, 2 wrong usage.
 *
 *   --minutes N   how long, default 10      --seed N      faults as in an earlier run
 *   --host WORD   as in `vedette run`       --no-faults   the sources work all the time
 *   --period MS   of all kinds, default 1000
 */
import { parseArgs } from 'node:util';
import { soakKinds, isLate, type SoakReport } from './soak.js';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let values;
  try {
    const text = { type: 'string' } as const;
    const options = {
      minutes: text,
      seed: text,
      period: text,
      host: text,
      'no-faults': { type: 'boolean' },
    } as const;
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error));
  }
  const minutes = Number(values.minutes ?? 10);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const periodMs = Number(values.period ?? 1_000);
  if (!(periodMs > 0)) return misused('--period takes milliseconds');
  if (!(minutes > 0) || !Number.isInteger(seed)) return misused('--minutes and --seed take numbers');
  const began = performance.now();
  const progress = (text: string): void => {
    const seconds = ((performance.now() - began) / 1_000).toFixed(0).padStart(5);
    process.stderr.write(`${seconds} s  kinds: ${text}\n`);
  };
  progress(`ten kinds for ${minutes} min, seed ${seed}`);
  try {
    const report = await soakKinds({
      forMs: minutes * 60_000,
      seed,
      periodMs,
      host: values.host ?? 'thread',
      hasFaults: values['no-faults'] !== true,
      progress,
    });
    process.stdout.write(`\n${kindsTable(report)}\n\n${figuresTable(report)}\n`);
    return report.figures.every(({ isMet }) => isMet) ? 0 : 1;
  } catch (error) {
    progress(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
}

function kindsTable({ rounds }: SoakReport): string {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return table([
    ['kind', 'results', 'errors by code', 'longest gap', 'allowed', 'met?'],
    ...rounds.map((one) => [
      one.kind,
      String(one.results),
      [...one.codes].map(([code, count]) => `${code}×${count}`).join(' ') || 'none',
      seconds(one.longestGapMs),
      seconds(one.allowedGapMs),
      isLate(one) ? 'NO' : 'yes',
    ]),
  ]);
}

function figuresTable({ figures }: SoakReport): string {
  return table([
    ['what', 'measured', 'target', 'met?'],
    ...figures.map(({ what, measured, target, isMet }) => [
      what,
      measured,
      target,
      target === '' ? '' : isMet ? 'yes' : 'NO',
    ]),
  ]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function misused(why: string): number {
  process.stderr.write(
    `test:kinds: ${why}\nusage: npm run test:kinds -- [--minutes N] [--seed N] [--period MS] [--host WORD] [--no-faults]\n`,
  );
  return 2;
}
