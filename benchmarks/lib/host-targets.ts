/** README's lines by host: those of the hosts there are, with the targets of those they are about. Pure data. */
import { HOSTS } from './hosts.js';
import type { Line } from './targets.js';

/** 1,000 monitors up, milliseconds. */
const START_MAX: Readonly<Record<string, number>> = {
  thread: 45_000,
  'dense-10': 10_000,
  'dense-100': 10_000,
};
/** Whose capacity stands in README.md: the default, and the one for thousands. */
const SHOWN = ['cell', 'dense-100'];
const MOST_OPENS = 100;
/** Megabytes, milliseconds, percent of one core. */
const SCALES = [
  { n: 1_000, host: 'dense-100', period: '10 s', maxMb: 500, maxLatenessMs: 500, maxCpu: 40 },
  { n: 1_000, host: 'pool', period: '10 s', maxMb: 500, maxLatenessMs: 500, maxCpu: 40 },
  { n: 10_000, host: 'dense-100', period: '60 s', maxMb: 1_500, maxLatenessMs: 2_000, maxCpu: null },
  { n: 10_000, host: 'pool', period: '60 s', maxMb: 1_500, maxLatenessMs: 2_000, maxCpu: null },
] as const;

const PYTHON = 'Python multiprocessing (fork) + pika';
const OTHERS = [
  'PM2, an app per monitor',
  'raw piscina, two threads',
  'BullMQ sandboxed, with its Redis',
  PYTHON,
] as const;

export const HOST_LINES: readonly Line[] = [
  ...byHost((host) => ({
    what: `host ${host}: real monitors with a period of 10 s that fit into 2 cores and 2 GB, p99 lateness below 1 s`,
    bench: 'capacity',
    case: 'system, chainlink-node, evm-node',
    metric: 'monitors',
    n: null,
    max: null,
    isHeadline: SHOWN.includes(host),
  })),
  ...SCALES.flatMap(({ n, host, period, maxMb, maxLatenessMs, maxCpu }): Line[] => {
    const about = { bench: 'scale', case: 'system, chainlink-node, evm-node', host, n } as const;
    const many = `${n.toLocaleString('en')} real monitors with a period of ${period} on host ${host}`;
    return [
      {
        ...about,
        what: `${many}: memory of all our processes`,
        metric: 'rss',
        max: maxMb,
        isHeadline: host === (n === 1_000 ? 'dense-100' : 'pool'),
      },
      { ...about, what: '… lateness of round starts, p99', metric: 'lateness_p99', max: maxLatenessMs },
      { ...about, what: '… processor time, percent of one core', metric: 'cpu', max: maxCpu },
    ];
  }),
  ...byHost((host) => ({
    what: `host ${host}: private memory per monitor at 100`,
    bench: 'memory-hosts',
    case: 'system',
    metric: 'private',
    n: 100,
    max: null,
    ...(host === 'thread' ? { maxRatio: 1.2 } : {}),
  })),
  ...byHost((host) => ({
    what: `host ${host}: 1,000 monitors up`,
    bench: 'start-all',
    case: 'system',
    metric: 'running',
    n: 1_000,
    max: START_MAX[host] ?? null,
    isHeadline: host === 'dense-100',
  })),
  ...byHost((host) => ({
    what: `host ${host}: … connections opened in the busiest second`,
    bench: 'start-all',
    case: 'system',
    metric: 'opens_max',
    n: 1_000,
    max: MOST_OPENS,
  })),
  ...byHost((host) => ({
    what: `host ${host}: lateness of round starts with 200 rounds a second, p99`,
    bench: 'latency',
    case: 'probe',
    metric: 'lateness_p99',
    n: 200,
    max: null,
  })),
  ...byHost((host) => ({
    what: `host ${host}: longest gap of 50 neighbours while one monitor hangs`,
    bench: 'isolation',
    case: 'hang',
    metric: 'neighbour_gap_max',
    n: 51,
    max: null,
  })),
  ...OTHERS.map((name) => ({
    what: `the same 100 monitors with ${name}: private memory each (floor: our leanest host)`,
    bench: 'baselines',
    case: name,
    metric: 'private',
    n: 100,
    max: null,
  })),
  {
    what: 'one more monitor as a Python process with pika: private memory (floor: on our leanest host)',
    bench: 'baselines',
    case: PYTHON,
    metric: 'private_added',
    n: 100,
    max: null,
    minRatio: 20,
    isHeadline: true,
  },
];

function byHost(lineOf: (host: string) => Line): Line[] {
  return HOSTS.map(({ name }) => ({ ...lineOf(name), host: name }));
}
