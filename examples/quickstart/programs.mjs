/** Finds the programs the demo watches. Promise: looks only, installs nothing. */
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const require = createRequire(import.meta.url);
const ARCH = { x64: 'amd64', arm64: 'arm64' };
const EXPORTER_NAMES = ['prometheus-node-exporter', 'node_exporter'];
const MAX_DEPTH = 6;
/** An unpacked Debian package has an init script of the same name there. */
const LEFT_OUT = new Set(['etc', 'share']);

/** Path of anvil's program for this platform, or null. The npm package's script would add a process. */
export function findAnvil() {
  try {
    const near = createRequire(require.resolve('@foundry-rs/anvil/package.json'));
    const manifest = near.resolve(`@foundry-rs/anvil-${process.platform}-${ARCH[process.arch]}/package.json`);
    const program = join(manifest, '..', 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
    return isProgram(program) ? program : null;
  } catch {
    // The package has no build for this platform.
    return null;
  }
}

/** Path of Prometheus node_exporter on PATH or under `cache`, or null. */
export function findNodeExporter(cache) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const onPath = folders.flatMap((folder) => EXPORTER_NAMES.map((name) => join(folder, name)));
  return onPath.find(isProgram) ?? searchFolder(cache, MAX_DEPTH);
}

function searchFolder(folder, depth) {
  if (depth === 0 || !existsSync(folder)) return null;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (EXPORTER_NAMES.includes(entry.name) && isProgram(path)) return path;
    const isSearched = entry.isDirectory() && !LEFT_OUT.has(entry.name);
    const found = isSearched ? searchFolder(path, depth - 1) : null;
    if (found !== null) return found;
  }
  return null;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
