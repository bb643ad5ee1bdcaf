/** `vedette kinds [KIND] [--json]`: the kinds there are, or one kind's settings with an example. */
import type { JsonObject } from '@vedette/contract';
import { gaugeName, type MonitorStrategy } from '@vedette/contract/strategy';
import { stringify } from 'yaml';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { createRegistry } from '../registry.js';
import { settingRows } from '../setting-rows.js';

export async function kinds(
  kind: string | null,
  isJson: boolean,
  modules?: readonly string[],
): Promise<number> {
  const all = (await createRegistry(process.env, modules)).list();
  const chosen = kind === null ? all : all.filter((strategy) => strategy.kind === kind);
  if (chosen.length === 0) {
    const known = all.map((strategy) => strategy.kind).join(', ');
    throw new CommandFailure(EXIT.usage, `there is no kind ${JSON.stringify(kind)}`, `Use one of: ${known}`);
  }
  if (isJson) process.stdout.write(`${JSON.stringify(chosen.map(describe), null, 2)}\n`);
  else if (kind === null) process.stdout.write(`${overview(all)}\n`);
  else process.stdout.write(`${chosen.map(manual).join('\n')}\n`);
  return EXIT.ok;
}

function describe(strategy: MonitorStrategy): JsonObject {
  return {
    kind: strategy.kind,
    title: strategy.title,
    periodMs: strategy.period.defaultMs,
    periodVariable: strategy.period.env,
    routingKeys: [...strategy.routingKeys],
    limits: { ...strategy.limits },
    environment: { ...strategy.environment },
    settings: strategy.settingsSchema,
    ...(strategy.docs === undefined ? {} : { docs: strategy.docs as unknown as JsonObject }),
    example: exampleOf(strategy),
  };
}

function exampleOf(strategy: MonitorStrategy): JsonObject {
  return {
    kind: strategy.kind,
    id: `my-${strategy.kind}`,
    name: `my ${strategy.kind}`,
    chain: 'my chain',
    period: `${strategy.period.defaultMs / 1000}s`,
    settings: strategy.example,
  };
}

function overview(all: readonly MonitorStrategy[]): string {
  const width = Math.max(...all.map(({ kind }) => kind.length));
  const lines = all.map(
    ({ kind, title, period }) => `${kind.padEnd(width)}  every ${period.defaultMs / 1000} s  ${title}`,
  );
  return [...lines, '', 'Settings and an example: vedette kinds KIND'].join('\n');
}

function manual(strategy: MonitorStrategy): string {
  const settings = settingRows(strategy).map(
    ({ name, type, fallback, about }) =>
      `  ${name} (${type}, ${fallback})${about === '' ? '' : `  ${about}`}`,
  );
  return [
    `${strategy.kind}: ${strategy.title}`,
    '',
    `Period        ${strategy.period.defaultMs / 1000} s, or ${strategy.period.env}, or \`period\``,
    `Routing keys  ${strategy.routingKeys.join(', ')}`,
    `Limits        round ${strategy.limits.roundTimeoutMs} ms, heap ${strategy.limits.oldMb} MiB, external ${strategy.limits.externalMb} MiB`,
    '',
    'Settings',
    ...settings,
    ...docLines(strategy),
    '',
    'Example',
    stringify({ monitors: [exampleOf(strategy)] }).trimEnd(),
  ].join('\n');
}

function docLines({ kind, docs }: MonitorStrategy): string[] {
  if (docs === undefined) return [];
  const { reads, publishes, errors, differs, facts } = docs;
  return [
    ...section('Reads', reads),
    ...section(
      'Messages',
      publishes.map(({ routingKey, what }) => `${routingKey}  ${what}`),
    ),
    ...section(
      'Gauges',
      Object.entries(facts).map(([fact, what]) => `${gaugeName(kind, fact)}  ${what}`),
    ),
    ...section(
      'Error codes',
      errors.map(({ code, when }) => `${code}  ${when}`),
    ),
    ...section('Other than PANIC', differs),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
