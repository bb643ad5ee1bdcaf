/** `vedette plan [FILE]`: where everything would run and what it would take; status 1 if something has no room. */
import type { MonitorSpec } from '@vedette/contract';
import type { StrategyRegistry } from '@vedette/manager';
import { linuxMachine, planOf } from '@vedette/supervisor';
import { readGoodConfigFile } from '../config-file.js';
import { brokerFrom } from '../environment.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { hostingSettings, type HostingOptions } from '../hosting.js';
import { planJson, planText } from '../plan-report.js';
import { createRegistry } from '../registry.js';

export interface PlanOptions extends HostingOptions {
  readonly broker?: string;
  readonly kind?: string;
  readonly monitors: number;
  readonly strategy?: string[];
  readonly json?: boolean;
}

const MOST = 100_000;

export async function plan(file: string | null, options: PlanOptions): Promise<number> {
  const registry = await createRegistry(process.env, options.strategy);
  const { rules, sizes, maxMemoryMb, maxConnections } = hostingSettings(options, registry);
  const { specs, title } = await wanted(file, options, registry);
  const broker = options.broker ?? brokerFrom(process.env) ?? 'embedded';
  const isEmbedded = broker === 'embedded';
  const { numbers, limits } = linuxMachine.read([]);
  const plan = planOf({
    specs,
    rules,
    sizes,
    isEmbedded,
    numbers: { ...numbers, connections: isEmbedded ? 0 : 1 },
    limits: {
      ...limits,
      memoryMb: maxMemoryMb === null ? limits.memoryMb : Math.min(maxMemoryMb, limits.memoryMb ?? Infinity),
      connections: maxConnections,
    },
  });
  const width = process.stdout.isTTY ? process.stdout.columns : 160;
  process.stdout.write(
    options.json === true ? `${planJson(plan)}\n` : `${planText(title, plan, sizes, width)}\n`,
  );
  return plan.refused > 0 ? EXIT.failure : EXIT.ok;
}

async function wanted(
  file: string | null,
  { kind, monitors }: PlanOptions,
  registry: StrategyRegistry,
): Promise<{ specs: readonly MonitorSpec[]; title: string }> {
  if ((file === null) === (kind === undefined)) {
    throw new CommandFailure(EXIT.usage, 'plan needs either FILE or --kind', 'See `vedette plan --help`');
  }
  if (file !== null) {
    const { specs } = await readGoodConfigFile(file, registry);
    return { specs, title: `${file}: ${String(specs.length)} monitors` };
  }
  const strategy = registry.get(kind ?? '');
  if (strategy === undefined) {
    const known = registry.list().map((one) => one.kind);
    throw new CommandFailure(
      EXIT.usage,
      `there is no kind ${JSON.stringify(kind)}`,
      `Use one of: ${known.join(', ')}`,
    );
  }
  if (monitors < 1 || monitors > MOST) {
    throw new CommandFailure(
      EXIT.usage,
      `--monitors must be from 1 to ${String(MOST)}; got ${String(monitors)}`,
    );
  }
  const { spec } = registry.declare({
    kind: strategy.kind,
    id: 'one',
    name: strategy.kind,
    chain: 'general',
    baseChain: strategy.defaultBaseChain,
    parentId: 'GENERAL',
    periodMs: null,
    limits: {},
    settings: strategy.example,
  });
  const specs =
    spec === null
      ? []
      : Array.from({ length: monitors }, (_none, index) => ({
          ...spec,
          id: `${spec.id}-${String(index + 1)}`,
        }));
  return { specs, title: `What if: ${String(monitors)} monitors of kind ${strategy.kind}` };
}
