/** What the options about hosts come to on this machine; `run` follows it, `plan` only shows it. */
import { systemClock, type Logger } from '@vedette/contract';
import type { StrategyRegistry } from '@vedette/manager';
import {
  checkCellSize,
  checkedDensity,
  checkPoolOptions,
  linuxMachine,
  PlacedHost,
  usualCell,
  type HostRules,
  type Limits,
  type Sizes,
} from '@vedette/supervisor';
import type { Environment } from './environment.js';
import { createHost, poolFactory } from './hosts.js';
import { hostRules } from './host-rules.js';

/** As commander gives them. */
export interface HostingOptions {
  readonly host?: readonly string[];
  readonly cellSize?: number;
  readonly maxMemory?: number;
  readonly maxConnections?: number;
  readonly density?: number;
  readonly threads?: number;
}

export interface HostingSettings {
  readonly rules: HostRules;
  readonly sizes: Sizes;
  /** Of the pool; null: as many as the machine can run at once. */
  readonly poolThreads: number | null;
  readonly maxMemoryMb: number | null;
  readonly maxConnections: number | null;
}

/** Throws what is wrong with the options: usage, or HOST_OPTION_INVALID with the limit named. */
export function hostingSettings(options: HostingOptions, registry: StrategyRegistry): HostingSettings {
  const rules = hostRules(options.host ?? [], (name) => registry.get(name) !== undefined);
  const limits: Limits = { ...linuxMachine.read([]).limits, connections: null };
  const { cellSize, density, threads } = options;
  if (density !== undefined) checkedDensity(density);
  if (threads !== undefined) checkPoolOptions({ entry: '', threads });
  if (cellSize !== undefined) checkCellSize(cellSize, limits, '--cell-size');
  return {
    rules,
    sizes: { cell: cellSize ?? usualCell(limits), ...(density === undefined ? {} : { density }) },
    poolThreads: threads ?? null,
    maxMemoryMb: options.maxMemory ?? null,
    maxConnections: options.maxConnections ?? null,
  };
}

export async function createPlacedHost(
  { rules, sizes, poolThreads, maxMemoryMb, maxConnections }: HostingSettings,
  given: { readonly env: Environment; readonly logger: Logger; readonly isEmbedded: boolean },
): Promise<PlacedHost> {
  const { env, logger, isEmbedded } = given;
  const createPool = await poolFactory();
  return new PlacedHost({
    rules,
    sizes,
    clock: systemClock,
    logger,
    admission: { machine: linuxMachine, maxMemoryMb, maxConnections, isEmbedded },
    create: (word, ties) =>
      word === 'pool' ? createPool(poolThreads) : createHost(word, env, logger, { ...ties, sizes }),
  });
}
