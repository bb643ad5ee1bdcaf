/**
 * Writes ERRORS.md from the table of error codes in @vedette/contract; with --check only compares.
 * Promise: the page holds every code once, and nothing else can put one there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

const AREAS = {
  CONFIG: 'Config messages and files',
  STRATEGY: 'Strategies',
  STORE: 'The store of wanted state',
  ADMISSION: 'Admission',
  MONITOR: 'Monitors and their workers',
  SOURCE: 'What a monitor watches',
  BROKER: 'The broker',
  PROTOCOL: 'Between host and worker',
  HOST: 'Hosts',
  SUPERVISOR: 'The supervisor',
  MANAGER: 'The manager',
  LISTEN: 'Listening for operators',
  API: 'The HTTP API',
  DOCTOR: 'What `vedette doctor` finds',
  CLI: 'The command line',
};

/** The page's text for a table of code to meaning and remedy. */
export function errorsDocument(codes) {
  const areas = new Map();
  for (const [code, [meaning, remedy]] of Object.entries(codes)) {
    const area = code.split('_')[0];
    areas.set(area, [...(areas.get(area) ?? []), `| \`${code}\` | ${meaning} | ${remedy} |`]);
  }
  const parts = [
    '# Error codes',
    'Every failure of Vedette carries one of these codes, in logs, events and on the command line. What to do',
    'next stands beside it. Made by `node .ci/errors-doc.mjs` from `packages/contract/src/errors.ts`; a test',
    'keeps the two in step.',
  ];
  const [title, ...intro] = parts;
  let text = `${title}\n\n${intro.join('\n')}\n`;
  for (const [area, rows] of areas) {
    text += `\n## ${AREAS[area] ?? area}\n\n| code | meaning | what to do |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  }
  return text;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ERROR_CODES } = await import('@vedette/contract');
  const path = join(ROOT, 'ERRORS.md');
  const text = errorsDocument(ERROR_CODES);
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write('ERRORS.md is out of date: run `node .ci/errors-doc.mjs`\n');
    process.exitCode = 1;
  }
}
