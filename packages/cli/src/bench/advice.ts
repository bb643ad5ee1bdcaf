/** The recommendation of `vedette bench` in words. Pure. */
import { capacityOf, type HostFigures, type HostProblem, type Machine } from './figures.js';

export interface Measured {
  readonly figures: readonly HostFigures[];
  readonly problems: readonly HostProblem[];
  readonly machine: Machine;
  /** Monitors of the operator's file; null without one: as many as possible. */
  readonly wanted: number | null;
  readonly periodMs: number;
}
export interface Advice {
  /** For `--host`; null where nothing could be measured. */
  readonly host: string | null;
  readonly text: string;
}

/** Full isolation is worth so much of the memory there is. */
const CHEAP_SHARE = 0.1;

/**
 * A process each while that is cheap, for then nothing a monitor does reaches another; else cells, which keep it
 * from the manager; else whatever holds the most. Where no number is wanted, many are.
 */
export function adviseOn({ figures, problems, machine, wanted, periodMs }: Measured): Advice {
  const known = figures.map((one) => ({ ...one, capacity: capacityOf(one, machine, periodMs) }));
  const [first, ...rest] = known;
  if (first === undefined) {
    const why = problems.map(({ host, problem }) => `${host}: ${problem}`).join('; ');
    return { host: null, text: `No host could be measured (${why}).` };
  }
  const most = rest.reduce((a, b) => (b.capacity.monitors > a.capacity.monitors ? b : a), first);
  const fitting = (host: string) =>
    known.find((one) => one.host === host && one.capacity.monitors >= (wanted ?? 1)) ?? null;
  const processes = fitting('process');
  const isCheap =
    processes !== null && wanted !== null && processes.memoryMb * wanted <= machine.availableMb * CHEAP_SHARE;
  const chosen = (isCheap ? processes : null) ?? fitting('cell') ?? most;
  const { host, capacity, memoryMb } = chosen;
  const others = known.filter((one) => one !== chosen);
  const beside = others.map((one) => `${mb(one.memoryMb)} with --host ${one.host}`).join(', ');
  const sentences = [
    `Run with --host ${host}: ${REASONS[host] ?? 'it holds the most monitors here'}.`,
    `A monitor takes ${mb(memoryMb)}${beside === '' ? '' : ` (${beside})`}.`,
    wanted !== null && capacity.monitors < wanted
      ? `This machine holds about ${capacity.monitors} of your ${wanted} monitors: ${REMEDIES[capacity.bound]}.`
      : `This machine holds about ${capacity.monitors} like them${wanted === null ? '' : `; you have ${wanted}`}. ${LIMITS[capacity.bound]}`,
    ...(chosen.recoverMs === null
      ? []
      : [`One that dies runs again after ${Math.round(chosen.recoverMs)} ms.`]),
    ...(chosen.failedRounds > 0
      ? [`${chosen.failedRounds} rounds failed while measuring: see \`vedette once\` for why.`]
      : []),
  ];
  return { host, text: sentences.join(' ') };
}

const REASONS: Readonly<Record<string, string>> = {
  process: 'full isolation, and cheap enough for so few monitors',
  cell: 'what a monitor does to its memory or its process cannot reach the manager',
  dense:
    'it takes the least memory here; monitors of a kind share threads, and one that computes long delays those beside it',
  pool: 'it takes the least memory here; rounds of all monitors share a few threads',
  thread: 'it takes the least memory here, but a leak or a crash of a monitor can end the manager with it',
};

const REMEDIES = {
  memory: 'give it more memory, or split the file over two machines',
  processor: 'give it more cores, longer periods, or split the file over two machines',
  'memory mappings': 'use --host cell, or raise vm.max_map_count',
} as const;

const LIMITS = {
  memory: 'Memory would run out first.',
  processor: 'The processor would run out first.',
  'memory mappings': 'The memory mappings of the process would run out first.',
} as const;

function mb(value: number): string {
  return `${value.toFixed(1)} MB`;
}
