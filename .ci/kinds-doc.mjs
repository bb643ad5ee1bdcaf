/**
 * Writes docs/kinds.md from the strategies the command knows; with --check only compares. Promise: settings,
 * keys, periods, limits and codes on the page are those of the code.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

const PATH = join(ROOT, 'docs', 'kinds.md');

/** The page's text. `rowsOf` gives a strategy's settings as rows. */
export function kindsDocument(strategies, rowsOf, gaugeName) {
  const intro = [
    '# Kinds of monitor',
    '',
    'What each kind reads, takes and publishes. Made by `node .ci/kinds-doc.mjs` from the strategies; a test keeps the',
    'two in step. `vedette kinds KIND` shows the same with an example that runs. Messages go to the exchange `raw_data`;',
    'after each good round, an `error` message included, a heartbeat follows on `health_check` as `heartbeat.worker`.',
    '',
    '| kind | watches | period |',
    '| --- | --- | --- |',
    ...strategies.map(
      ({ kind, title, period }) =>
        `| [\`${kind}\`](#${kind}) | ${cell(title)} | ${seconds(period.defaultMs)} |`,
    ),
    '',
  ];
  return [
    ...intro,
    ...strategies.flatMap((strategy) => sectionOf(strategy, rowsOf(strategy), gaugeName)),
  ].join('\n');
}

function sectionOf({ kind, title, period, routingKeys, limits, docs }, rows, gaugeName) {
  const { reads = [], publishes = [], errors = [], differs = [], facts = {} } = docs ?? {};
  return [
    `## ${kind}`,
    '',
    `${title}.`,
    '',
    ...list('Reads:', reads),
    '| setting | type | | what it is |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ name, type, fallback, about, variable }) =>
        `| \`${name}\` | ${type} | ${fallback.replace(/^default (.*)$/, 'default `$1`')} | ${cell(about)}${variable === null ? '' : `; also \`${variable}\``} |`,
    ),
    '',
    ...list(
      'Config on RabbitMQ under:',
      routingKeys.map((key) => `\`${key}\``),
    ),
    ...list(
      'Messages:',
      publishes.map(({ routingKey, what }) => `\`${routingKey}\`: ${what}`),
    ),
    `Period ${seconds(period.defaultMs)}, or \`${period.env}\`, or \`period\` of the monitorable. A round may take ${seconds(limits.roundTimeoutMs)},`,
    `its thread ${limits.oldMb} MiB of heap and ${limits.externalMb} MiB beside it; \`limits\` of the monitorable changes that.`,
    '',
    '| gauge | what it says |',
    '| --- | --- |',
    ...Object.entries(facts).map(([fact, what]) => `| \`${gaugeName(kind, fact)}\` | ${cell(what)} |`),
    '',
    ...(errors.length === 0
      ? []
      : [
          '| error | when |',
          '| --- | --- |',
          ...errors.map(({ code, when }) => `| ${code} | ${cell(when)} |`),
          '',
        ]),
    ...list('Other than PANIC:', differs),
  ];
}

function list(title, lines) {
  return lines.length === 0 ? [] : [title, '', ...lines.map((line) => `- ${line}`), ''];
}

function seconds(ms) {
  return `${ms / 1000} s`;
}

/** A bar would end the cell. */
function cell(text) {
  return text.replaceAll('|', '\\|');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { gaugeName, settingRows, STRATEGIES } = await import('@vedette/cli/kinds');
  const text = kindsDocument(STRATEGIES, settingRows, gaugeName);
  if (!process.argv.includes('--check')) {
    writeFileSync(PATH, text);
  } else if (readFileSync(PATH, 'utf8') !== text) {
    process.stderr.write('docs/kinds.md is out of date: run `npm run build && node .ci/kinds-doc.mjs`\n');
    process.exitCode = 1;
  }
}
