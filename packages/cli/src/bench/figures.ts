/** What `vedette bench` measures of one host, and how many monitors that means. Pure. */

/** Memory in MB of 1,000,000 bytes. */
export interface HostFigures {
  readonly host: string;
  readonly monitors: number;
  /** Of the process before the first monitor, with the threads that all of a pool share. */
  readonly baseMb: number;
  /** Added per monitor over all processes, each shared page counted once. */
  readonly memoryMb: number;
  /** The same, counting a shared page in each process that has it. */
  readonly rssMb: number;
  /** From the wanted set to the last of them running. */
  readonly startMs: number;
  /** Median from the kill of a worker to its monitor running again; null if there was no time. */
  readonly recoverMs: number | null;
  /** Processor time of one round, with all that supervision adds; null if no round ended. */
  readonly roundCpuMs: number | null;
  /** Memory mappings of this process per monitor: those of a process are limited. */
  readonly mappings: number;
  /** Rounds that threw or passed their deadline. */
  readonly failedRounds: number;
}

/** A host that could not be measured, and why. */
export interface HostProblem {
  readonly host: string;
  readonly problem: string;
}

export interface Machine {
  readonly cores: number;
  readonly availableMb: number;
  /** Of one process. */
  readonly maxMappings: number;
}

export interface Capacity {
  readonly monitors: number;
  /** What would run out first. */
  readonly bound: 'memory' | 'processor' | 'memory mappings';
}

/** Of what there is, so much is used: the rest is for bursts, the broker and the system. */
const SHARE = { memory: 0.8, processor: 0.7, mappings: 0.8 } as const;
/** What cannot be told from nothing is taken as this much. */
const LEAST = { memoryMb: 0.05, roundCpuMs: 0.2 } as const;

/** An estimate from few monitors: `periodMs` is the mean of theirs. */
export function capacityOf(figures: HostFigures, machine: Machine, periodMs: number): Capacity {
  const { baseMb, memoryMb, roundCpuMs, mappings } = figures;
  const bounds: Capacity[] = [
    {
      bound: 'memory',
      monitors: (machine.availableMb * SHARE.memory - baseMb) / Math.max(memoryMb, LEAST.memoryMb),
    },
  ];
  if (roundCpuMs !== null) {
    const inOnePeriodMs = machine.cores * SHARE.processor * periodMs;
    bounds.push({ bound: 'processor', monitors: inOnePeriodMs / Math.max(roundCpuMs, LEAST.roundCpuMs) });
  }
  if (mappings >= 1) {
    const monitors = (machine.maxMappings * SHARE.mappings) / mappings;
    bounds.push({ bound: 'memory mappings', monitors });
  }
  const least = bounds.reduce((a, b) => (b.monitors < a.monitors ? b : a));
  return { ...least, monitors: Math.max(0, Math.floor(least.monitors)) };
}
