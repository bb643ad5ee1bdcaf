/**
 * Writes docs/cli.md from the help of every command; with --check only compares. Promise: the page is what
 * `--help` says, word for word.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from './setup.mjs';

const PATH = join(ROOT, 'docs', 'cli.md');
const BIN = join(ROOT, 'packages/cli/bin/vedette.js');

export async function cliDocument() {
  const overview = await help([]);
  const commands = commandsIn(overview);
  const pages = [];
  // One after the other: this runs on small machines too.
  for (const command of commands) pages.push([command, await help([command])]);
  return [
    '# The `vedette` command',
    '',
    'Made by `npm run build && node .ci/cli-doc.mjs` from the help of each command; a test keeps the two in step.',
    'What it reads beside its arguments: [configuration.md](configuration.md). How to run it: [operate.md](operate.md).',
    ...section('vedette', overview),
    ...pages.flatMap(([command, text]) => section(`vedette ${command}`, text)),
    '',
  ].join('\n');
}

/** Names of the commands a help text lists; `help` itself is none. */
export function commandsIn(text) {
  const [, list = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(text) ?? [];
  return [...list.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}

function section(title, text) {
  return ['', `## ${title}`, '', '```text', text.trim(), '```'];
}

async function help(words) {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...words, '--help'], {
    timeout: 60_000,
  });
  return stdout;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await cliDocument();
  if (!process.argv.includes('--check')) {
    writeFileSync(PATH, text);
  } else if (readFileSync(PATH, 'utf8') !== text) {
    process.stderr.write('docs/cli.md is out of date: run `npm run build && node .ci/cli-doc.mjs`\n');
    process.exitCode = 1;
  }
}
