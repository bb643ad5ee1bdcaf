/**
 * What do other ways to run a hundred monitors take, on the same work? Every two seconds each: one GET of a local
 * page, one number, one confirmed message to the same RabbitMQ. Memory is that of all processes of a program,
 * divided by its monitors, and for ours and Python also without what the program takes when it has none; lateness is
 * what the broker's messages tell, by the same measure for all.
 *
 * Here `floor` is ours: the host of this run that takes the least private memory, named in the note of its row;
 * so `ratio` says how many times as much the others take.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { baselines as programs, missingBaselines } from '../.ci/baselines.mjs';
import { ROOT } from '../test/support/root.js';
import type { Bench } from './lib/bench.js';
import { byHost } from './lib/by-host.js';
import type { Lab } from './lib/lab.js';
import { measuredRow, unmeasuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import type { BaselineArgs, BaselineResult } from './measured/baseline.js';

type Program = BaselineArgs['program'];

const COUNT = 100;
const PERIOD_MS = 2_000;
const WINDOW_MS = 6_000;
/** Memory is read after settling and the window: a thread of ours collects what its start left within 9 s. */
const SETTLE_MS = 7_000;
/** In a run of all benches; the others take the time of more programs. */
const WHOLE_HOSTS: readonly string[] = ['thread', 'dense-100', 'pool'];

/** `needs`: of `missingBaselines`, all it cannot do without. */
const OTHERS: readonly {
  readonly program: Program;
  readonly name: string;
  readonly needs: readonly string[];
}[] = [
  { program: 'pm2', name: 'PM2, an app per monitor', needs: ['libraries'] },
  { program: 'piscina', name: 'raw piscina, two threads', needs: ['libraries'] },
  { program: 'bullmq', name: 'BullMQ sandboxed, with its Redis', needs: ['libraries', 'redis'] },
  { program: 'python', name: 'Python multiprocessing (fork) + pika', needs: ['pika'] },
];

const METRICS = [
  ['private', 'MB', 'private'],
  ['private_added', 'MB', 'privateAdded'],
  ['pss', 'MB', 'pss'],
  ['rss', 'MB', 'rss'],
  ['lateness_p50', 'ms', 'p50'],
  ['lateness_p99', 'ms', 'p99'],
  ['cpu', '%', 'cpu'],
  ['processes', 'count', 'processes'],
] as const;

export const baselines: Bench = {
  name: 'baselines',
  question: 'the same 100 monitors with PM2, raw piscina, BullMQ and Python, beside ours',
  budgetS: 150,
  async run(lab) {
    await provide(lab);
    const n = lab.numbers?.at(-1) ?? (lab.isQuick ? 3 : COUNT);
    const label = (name: string, host: string, metric: string, unit: RowLabel['unit']): RowLabel => {
      return { bench: 'baselines', case: name, host, n, metric, unit };
    };
    const measure = async (program: Program, host: string): Promise<BaselineResult> => {
      const args: BaselineArgs = {
        ...(await lab.surroundings()),
        ...programs,
        program,
        host,
        n,
        periodMs: lab.isQuick ? 500 : PERIOD_MS,
        windowMs: lab.isQuick ? 1_200 : WINDOW_MS,
        settleMs: lab.isQuick ? 200 : SETTLE_MS,
        folder: lab.folder,
        homes: lab.shortFolder(),
      };
      return lab.measure<BaselineResult>('baseline', args);
    };
    const rowsOf = (name: string, host: string, result: BaselineResult, best: Best | null): MeasuredRow[] =>
      METRICS.flatMap(([metric, unit, from]) => {
        const value = result[from];
        if (value === null) return [];
        const floor = best === null || metric === 'processes' ? null : best.result[from];
        const note = best === null ? undefined : `floor: ours on host ${best.host}`;
        return [measuredRow(label(name, host, metric, unit), [value], floor === null ? [] : [floor], note)];
      });
    let best: Best | null = null;
    const ours = await byHost(
      lab,
      n,
      ({ name }) => [label('vedette', name, 'private', 'MB')],
      async ({ host }) => {
        const result = await measure('vedette', host.name);
        if (best === null || result.private < best.result.private) best = { host: host.name, result };
        return rowsOf('vedette', host.name, result, null);
      },
      lab.hosts.filter(({ name }) => !lab.isWhole || WHOLE_HOSTS.includes(name)),
    );
    const theirs: MeasuredRow[] = [];
    const missing: readonly string[] = missingBaselines();
    for (const { program, name, needs } of OTHERS) {
      const lacking = needs.filter((need) => missing.includes(need));
      try {
        if (lacking.length > 0) throw new Error(`${lacking.join(' and ')} could not be installed here`);
        theirs.push(...rowsOf(name, 'none', await measure(program, ''), best));
      } catch (error) {
        if (lab.isClosed) throw error;
        const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
        theirs.push(unmeasuredRow(label(name, 'none', 'private', 'MB'), why));
      }
    }
    return [...ours, ...theirs];
  },
};

interface Best {
  readonly host: string;
  readonly result: BaselineResult;
}

/** Not of the bench's own time: it is fetched once. */
async function provide(lab: Lab): Promise<void> {
  if (missingBaselines().length === 0) return;
  lab.progress('baselines: fetching PM2, BullMQ, piscina, Redis and pika');
  const leftMs = lab.leftMs();
  const child = spawn(process.execPath, [join(ROOT, '.ci', 'baselines.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'close');
  lab.allow(leftMs);
}
