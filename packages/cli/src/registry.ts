/** The kinds this command knows: Vedette's own, one line each, and those of `--strategy` modules. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isJsonObject } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { chainlinkContractsStrategy, chainlinkNodeStrategy } from '@vedette/monitors-chainlink';
import { cosmosNetworkStrategy, cosmosNodeStrategy } from '@vedette/monitors-cosmos';
import { evmNodeStrategy } from '@vedette/monitors-evm';
import { dockerhubStrategy, githubStrategy, systemStrategy } from '@vedette/monitors-general';
import { substrateNetworkStrategy, substrateNodeStrategy } from '@vedette/monitors-substrate';
import { StrategyRegistry } from '@vedette/manager';
import { isTrue, periodsFrom, settingsFrom, type Environment } from './environment.js';
import { CommandFailure, EXIT } from './exit-codes.js';

/** Built-in kinds, in the order people meet them in lists. */
export const STRATEGIES: readonly MonitorStrategy[] = [
  systemStrategy,
  githubStrategy,
  dockerhubStrategy,
  evmNodeStrategy,
  chainlinkNodeStrategy,
  chainlinkContractsStrategy,
  cosmosNodeStrategy,
  cosmosNetworkStrategy,
  substrateNodeStrategy,
  substrateNetworkStrategy,
];

/** `isOwnOnly`: without settings from the environment, for what is written down and read elsewhere. */
export async function createRegistry(
  env: Environment,
  modules: readonly string[] = [],
  { isOwnOnly = false }: { readonly isOwnOnly?: boolean } = {},
): Promise<StrategyRegistry> {
  const strategies = [...STRATEGIES, ...(await Promise.all(modules.map(loadStrategy)))];
  return new StrategyRegistry(strategies, {
    periodMs: periodsFrom(env, strategies),
    allowUrlCredentials: isTrue(env['VEDETTE_ALLOW_URL_CREDENTIALS']),
    settings: isOwnOnly ? {} : settingsFrom(env, strategies),
  });
}

async function loadStrategy(path: string): Promise<MonitorStrategy> {
  let exported: { default?: unknown };
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(EXIT.usage, `--strategy ${path} cannot be loaded: ${why}`);
  }
  const strategy = exported.default;
  if (
    !isJsonObject(strategy) ||
    typeof strategy['kind'] !== 'string' ||
    typeof strategy['parse'] !== 'function'
  ) {
    const remedy = 'Export `defineKind({...})` of @vedette/contract/kind as default';
    throw new CommandFailure(EXIT.usage, `--strategy ${path} exports no strategy`, remedy);
  }
  return strategy as unknown as MonitorStrategy;
}
