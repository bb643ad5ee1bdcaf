/**
 * Makes sure the tests find Debian's Prometheus and promtool. Promise: nothing is installed and no service is
 * started; the package is unpacked under `.cache/prometheus`, and what is there already is used again.
 *
 * Exit codes: 0 both programs are there, 1 they are not.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { canUnpackDebian, unpackDebian } from './debian.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, '.cache', 'prometheus');
const PLACES = ['/usr/bin', '/usr/local/bin', join(FOLDER, 'usr', 'bin')];

/** Paths of both programs, or null. */
export function findPrometheus() {
  const folder = [process.env['VEDETTE_PROMETHEUS_FOLDER'], ...PLACES].find(
    (place) => place && existsSync(join(place, 'prometheus')) && existsSync(join(place, 'promtool')),
  );
  return folder === undefined
    ? null
    : { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
}

/** True if both are there afterwards. Prints what it does and, if it cannot, what to do. */
export async function ensurePrometheus(say = (line) => void process.stderr.write(`prometheus: ${line}\n`)) {
  const found = findPrometheus();
  if (found !== null) {
    say(`program found: ${found.prometheus}`);
    return true;
  }
  if (!canUnpackDebian()) {
    say('Prometheus is not installed and this is not Debian or Ubuntu.');
    say('Install it with promtool, or name their folder in VEDETTE_PROMETHEUS_FOLDER.');
    return false;
  }
  const about = "Debian's package prometheus (19 MB)";
  const isDone = await unpackDebian({ packages: ['prometheus'], folder: FOLDER, about, say });
  if (!isDone) say('Install the package prometheus, or name its folder in VEDETTE_PROMETHEUS_FOLDER.');
  return isDone && findPrometheus() !== null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensurePrometheus()) ? 0 : 1;
}
