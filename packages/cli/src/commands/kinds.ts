/** `vedette kinds [KIND] [--json]`: the kinds there are, or one kind's settings with an example. */
import { isJsonObject, type JsonObject } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { stringify } from 'yaml';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { createRegistry } from '../registry.js';

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
    settings: strategy.settingsSchema,
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
  const properties = strategy.settingsSchema['properties'];
  const required = strategy.settingsSchema['required'];
  const fields = isJsonObject(properties) ? Object.entries(properties) : [];
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const settings = fields.map(([name, schema]) => {
    const text = isJsonObject(schema) ? schema : {};
    const type = typeof text['type'] === 'string' ? text['type'] : 'value';
    const items =
      isJsonObject(text['items']) && typeof text['items']['type'] === 'string'
        ? ` of ${text['items']['type']}`
        : '';
    const fallback =
      text['default'] === undefined ? 'optional' : `default ${JSON.stringify(text['default'])}`;
    const about = typeof text['description'] === 'string' ? `  ${text['description']}` : '';
    return `  ${name} (${type}${items}, ${isRequired(name) && text['default'] === undefined ? 'required' : fallback})${about}`;
  });
  return [
    `${strategy.kind}: ${strategy.title}`,
    '',
    `Period        ${strategy.period.defaultMs / 1000} s, or ${strategy.period.env}, or \`period\``,
    `Routing keys  ${strategy.routingKeys.join(', ')}`,
    `Limits        round ${strategy.limits.roundTimeoutMs} ms, heap ${strategy.limits.oldMb} MiB, external ${strategy.limits.externalMb} MiB`,
    '',
    'Settings',
    ...settings,
    '',
    'Example',
    stringify({ monitors: [exampleOf(strategy)] }).trimEnd(),
  ].join('\n');
}
