/**
 * Golden files: one wire message each, exactly as it leaves. Promise: a difference in a single byte fails.
 * VEDETTE_UPDATE_GOLDENS=1 writes them instead; read the diff before you commit it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from './root.js';

/** `file` is relative to the repository, without `.golden.json`. */
export function expectGolden(file: string, text: string): void {
  const path = join(ROOT, `${file}.golden.json`);
  if (process.env['VEDETTE_UPDATE_GOLDENS'] === '1') writeFileSync(path, `${text}\n`);
  expect(text).to.equal(readFileSync(path, 'utf8').replace(/\n$/, ''));
  // Whoever reads it must get JSON: no NaN, no duplicate braces.
  JSON.parse(text);
}
