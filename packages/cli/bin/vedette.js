#!/usr/bin/env node
import { readFileSync } from 'node:fs';

// Scripts ask it again and again: answered before anything is loaded.
if (process.argv.length === 3 && /^(--version|-V)$/.test(process.argv[2] ?? '')) {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  process.stdout.write(`${JSON.parse(text).version}\n`);
} else {
  await import('../dist/main.js');
}
