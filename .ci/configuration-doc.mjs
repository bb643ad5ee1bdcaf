/**
 * Writes docs/configuration.md from the schemas and tables that check config; with --check only compares. Promise:
 * fields, limits and variables on the page are those of the code.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

const PATH = join(ROOT, 'docs', 'configuration.md');

/** `sources`: what the packages export. */
export function configurationDocument({ schema, defaults, bounds, variables, strategies }) {
  const { limits } = schema.properties;
  return [
    '# Configuration',
    '',
    'What Vedette reads beside the arguments of its [command](cli.md). Made by `npm run build && node .ci/configuration-doc.mjs`',
    'from the schemas that check it; a test keeps the two in step. Config in the form of PANIC over RabbitMQ:',
    '[kinds.md](kinds.md) names the routing keys, [compatibility.md](compatibility.md) the fields.',
    '',
    '## The config file',
    '',
    'YAML or JSON with one list, `monitors`. `vedette check FILE` shows all problems at once, with their lines; `vedette run`',
    'watches the file and keeps the last good set when an edit is bad.',
    '',
    ...table(
      ['field of an entry', 'type', '', 'what it is'],
      Object.entries(schema.properties).map(([name, one]) => [
        `\`${name}\``,
        typeOf(one),
        (schema.required ?? []).includes(name) ? 'required' : 'optional',
        one.description ?? '',
      ]),
    ),
    `At most ${bounds.maxBytes / 1024 / 1024} MiB, ${bounds.maxEntries} entries and ${bounds.maxDepth} levels. A field that is not in the table is ignored.`,
    '',
    '## Limits',
    '',
    'Of one monitor, under `limits`. A kind may have others: [kinds.md](kinds.md).',
    '',
    ...table(
      ['limit', 'default', 'what it is'],
      Object.entries(limits.properties).map(([name, one]) => [
        `\`${name}\``,
        `${defaults[name]} ${name.endsWith('Ms') ? 'ms' : 'MiB'}`,
        one.description ?? '',
      ]),
    ),
    '## Environment',
    '',
    'Flags win over variables, and what an entry says wins over both.',
    '',
    ...table(
      ['variable', 'what it says'],
      [
        ...Object.entries(variables).map(([name, about]) => [`\`${name}\``, about]),
        ...[...periods(strategies)].map(([name, kinds]) => [
          `\`${name}\``,
          `Period in seconds of ${kinds.join(', ')}`,
        ]),
        ...[...settings(strategies)].map(([name, kinds]) => [`\`${name}\``, `Setting ${kinds.join(', ')}`]),
      ],
    ),
  ].join('\n');
}

function periods(strategies) {
  return grouped(strategies.map(({ kind, period }) => [period.env, `\`${kind}\``]));
}

function settings(strategies) {
  return grouped(
    strategies.flatMap(({ kind, environment = {} }) =>
      Object.entries(environment).map(([setting, variable]) => [variable, `\`${setting}\` of \`${kind}\``]),
    ),
  );
}

function grouped(pairs) {
  const groups = new Map();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function typeOf({ type }) {
  return [type].flat().join(' or ');
}

export async function configurationSources() {
  const { CONFIG_LIMITS, DEFAULT_LIMITS } = await import('@vedette/contract');
  const { MONITORABLE_SCHEMA } = await import('@vedette/manager');
  const { STRATEGIES, VARIABLES } = await import('@vedette/cli/kinds');
  return {
    schema: MONITORABLE_SCHEMA,
    defaults: DEFAULT_LIMITS,
    bounds: CONFIG_LIMITS,
    variables: VARIABLES,
    strategies: STRATEGIES,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = configurationDocument(await configurationSources());
  if (!process.argv.includes('--check')) {
    writeFileSync(PATH, text);
  } else if (readFileSync(PATH, 'utf8') !== text) {
    process.stderr.write(
      'docs/configuration.md is out of date: run `npm run build && node .ci/configuration-doc.mjs`\n',
    );
    process.exitCode = 1;
  }
}
