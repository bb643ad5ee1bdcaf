/** One program with `n` monitors: memory of its processes, and the lateness of its rounds as the broker tells it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readProcesses } from '@vedette/cli/process-tree';
import { nowMs } from '../lib/clock.js';
import { Collector } from '../lib/collector.js';
import type { Surroundings } from '../lib/fleet.js';
import { Program } from '../lib/program.js';
import { serve } from '../lib/serve.js';
import { median, p99 } from '../lib/statistics.js';
import { pause } from '../lib/until.js';

export interface BaselineArgs extends Surroundings {
  /** Ours by a host of `hosts.ts`. */
  readonly program: 'vedette' | 'pm2' | 'piscina' | 'bullmq' | 'python';
  readonly host: string;
  readonly n: number;
  readonly periodMs: number;
  readonly windowMs: number;
  /** From the first round of each to the window. */
  readonly settleMs: number;
  /** Where the built scripts and the libraries of others are. */
  readonly folder: string;
  /** Where each program gets a folder of its own. */
  readonly homes: string;
  readonly libraries: string;
  readonly redis: string;
  readonly python: string;
}
export interface BaselineResult {
  readonly processes: number;
  /** Of all its processes, MB per monitor. */
  readonly rss: number;
  readonly pss: number;
  readonly private: number;
  /** The same without what the program takes when it has no monitor; null where it cannot be without. */
  readonly privateAdded: number | null;
  readonly p50: number;
  readonly p99: number;
  /** Percent of one core. */
  readonly cpu: number;
}

/** Programs that can be without monitors. */
const CAN_BE_EMPTY: readonly BaselineArgs['program'][] = ['vedette', 'python'];
/** For one without monitors, to load what it needs. */
const EMPTY_MS = 2_000;

serve(async (args: BaselineArgs, progress): Promise<BaselineResult> => {
  const { program, host, n, periodMs, windowMs, settleMs, amqpUrl, homes } = args;
  progress(`baselines: ${n} on ${program === 'vedette' ? `vedette, host ${host}` : program}`);
  const home = mkdtempSync(join(homes, 'home-'));
  const emptyMb = CAN_BE_EMPTY.includes(program) ? await privateMbWithout(args, home) : null;
  const collector = await Collector.open(amqpUrl);
  const programs: Program[] = [];
  try {
    programs.push(...(await start(args, home)));
    const ended = (async () => {
      while (programs.every(({ isAlive }) => isAlive)) await pause(200);
      const said = programs.map(({ output }) => output).join('\n');
      throw new Error(`it ended by itself: ${said.trim().slice(-500)}`);
    })();
    await Promise.race([ended, collector.allHeard(n)]);
    await Promise.race([ended, pause(settleMs)]);
    const pids = (): number[] => programs.flatMap((one) => one.pids);
    const before = readProcesses(pids());
    const fromMs = nowMs();
    await Promise.race([ended, pause(windowMs)]);
    const untilMs = nowMs();
    const after = readProcesses(pids());
    ended.catch(() => undefined);
    const late = collector.lateness(periodMs, fromMs, untilMs);
    return {
      processes: after.processes,
      rss: after.rssMb / n,
      pss: after.pssMb / n,
      private: after.privateMb / n,
      privateAdded: emptyMb === null ? null : (after.privateMb - emptyMb) / n,
      p50: median(late),
      p99: p99(late),
      cpu: ((after.cpuMs - before.cpuMs) / (untilMs - fromMs)) * 100,
    };
  } finally {
    await Promise.all(programs.map((one) => one.stop()));
    await collector.close();
    rmSync(home, { recursive: true, force: true });
  }
});

/** Of a run of its own, without monitors. */
async function privateMbWithout(args: BaselineArgs, home: string): Promise<number> {
  const programs = await start({ ...args, n: 0 }, home);
  try {
    await pause(EMPTY_MS);
    return readProcesses(programs.flatMap(({ pids }) => pids)).privateMb;
  } finally {
    await Promise.all(programs.map((one) => one.stop()));
  }
}

async function start(args: BaselineArgs, home: string): Promise<Program[]> {
  const { program, n, periodMs, amqpUrl, sources, folder, libraries, files, host } = args;
  const common = { libraries, n, periodMs, amqpUrl, page: sources.probe };
  const node = (script: string, settings: object): Program =>
    new Program({
      command: process.execPath,
      args: [join(folder, script), JSON.stringify(settings)],
      cwd: home,
    });
  switch (program) {
    case 'vedette':
      return [node('vedette-program.mjs', { amqpUrl, sources, files, host, n, periodMs })];
    case 'piscina':
      return [node('piscina-main.cjs', { ...common, task: join(folder, 'piscina-task.cjs') })];
    case 'bullmq': {
      const redisPort = await freePort();
      const redis = new Program({ command: args.redis, args: redisArgs(redisPort), cwd: home });
      await pause(300);
      const processor = join(folder, 'bullmq-processor.cjs');
      return [redis, node('bullmq-main.cjs', { ...common, redisPort, processor })];
    }
    case 'python': {
      const script = join(args.files.baselines, 'monitors.py');
      return [new Program({ command: args.python, args: [script, JSON.stringify(common)], cwd: home })];
    }
    case 'pm2':
      return [startPm2(args, home)];
  }
}

/** Nothing of it reaches the disk, and only this machine reaches it. */
function redisArgs(port: number): string[] {
  return ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
}

/** With a home of its own, in the foreground: no daemon of it stays. */
function startPm2({ libraries, folder, n, periodMs, amqpUrl, sources }: BaselineArgs, home: string): Program {
  const apps = Array.from({ length: n }, (_none, index) => ({
    name: `probe-${index}`,
    script: join(folder, 'pm2-app.cjs'),
    exec_mode: 'fork',
    vizion: false,
    out_file: '/dev/null',
    error_file: '/dev/null',
    env: {
      BENCH_AMQP: amqpUrl,
      BENCH_PAGE: sources.probe,
      BENCH_NAME: `probe-${index}`,
      BENCH_PERIOD: String(periodMs),
      BENCH_DELAY: String((index * Math.min(periodMs, 10 * n)) / n),
    },
  }));
  const file = join(home, 'ecosystem.json');
  writeFileSync(file, JSON.stringify({ apps }));
  return new Program({
    command: process.execPath,
    args: [join(libraries, 'node_modules/pm2/bin/pm2'), 'start', file, '--no-daemon', '--silent'],
    env: { PM2_HOME: join(home, 'pm2'), PM2_DISCRETE_MODE: 'true' },
    cwd: home,
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
