/**
 * `npm run test:faults -- --long`: the campaigns, one after the other, and their figures as a table. Exit codes:
 * 0 all targets met, 1 one missed or a campaign failed, 2 wrong usage.
 *
 *   --only NAME      one of them        --json           rows as JSON on stdout
 *   --minutes N      length of the soak --seed N         lots as in an earlier run
 *   --trials N       fewer trials, to see that it works
 */
import { parseArgs } from 'node:util';
import { brokerRestart } from './broker-restart.js';
import type { Campaign, Figure } from './campaign.js';
import { edits } from './edits.js';
import { halfOpen } from './half-open.js';
import { kills } from './kills.js';
import { leaks } from './leaks.js';
import { sigterm } from './sigterm.js';
import { soak } from './soak.js';
import { standby } from './standby.js';

const CAMPAIGNS: readonly Campaign[] = [edits, kills, brokerRestart, halfOpen, leaks, sigterm, standby, soak];

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let values;
  try {
    const text = { type: 'string' } as const;
    const options = {
      only: text,
      json: { type: 'boolean', default: false },
      minutes: text,
      seed: text,
      trials: text,
    } as const;
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error));
  }
  const chosen = CAMPAIGNS.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) return misused(`there is no campaign ${JSON.stringify(values.only)}`);
  const minutes = Number(values.minutes ?? 30);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const trials = values.trials === undefined ? null : Number(values.trials);
  if (!(minutes > 0) || !Number.isInteger(seed) || (trials !== null && !(trials >= 1))) {
    return misused('--minutes, --seed and --trials take numbers');
  }
  const rows: (Figure & { campaign: string })[] = [];
  for (const { name, question, run } of chosen) {
    const began = performance.now();
    const progress = (text: string): void => {
      process.stderr.write(
        `${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${name}: ${text}\n`,
      );
    };
    progress(`${question} (seed ${seed})`);
    try {
      const figures = await run({ progress, seed, minutes, trials });
      rows.push(...figures.map((figure) => ({ campaign: name, ...figure })));
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${name} failed: ${why}\n`);
      rows.push({
        campaign: name,
        what: 'it failed',
        measured: why.split('\n')[0] ?? '',
        target: 'an end',
        isMet: false,
      });
    }
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : `\n${table(rows)}\n`);
  return rows.every(({ isMet }) => isMet) ? 0 : 1;
}

function table(rows: readonly (Figure & { campaign: string })[]): string {
  const lines = [
    ['campaign', 'what', 'measured', 'target', 'met?'],
    ...rows.map(({ campaign, what, measured, target, isMet }) => [
      campaign,
      what,
      measured,
      target,
      target === '' ? '' : isMet ? 'yes' : 'NO',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function misused(why: string): number {
  const names = CAMPAIGNS.map(({ name, question }) => `  ${name.padEnd(16)} ${question}`).join('\n');
  process.stderr.write(`test:faults --long: ${why}\n${names}\n`);
  return 2;
}
