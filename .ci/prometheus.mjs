/**
 * Makes sure the tests find Debian's Prometheus and promtool. Promise: nothing is installed and no service is
 * started; the package is unpacked under `.cache/prometheus`, and what is there already is used again.
 *
 * Exit codes: 0 both programs are there, 1 they are not.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runStep } from './steps.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const CACHE = join(ROOT, '.cache');
const FOLDER = join(CACHE, 'prometheus');
const PLACES = ['/usr/bin', '/usr/local/bin', join(FOLDER, 'usr', 'bin')];
const STEP_DEADLINE_MS = 5 * 60_000;

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
  if (!existsSync('/usr/bin/apt-get')) {
    say('Prometheus is not installed and this is not Debian or Ubuntu.');
    say('Install it with promtool, or name their folder in VEDETTE_PROMETHEUS_FOLDER.');
    return false;
  }
  // Beside its place first: what was cut short must not look whole.
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'prometheus-'));
  const step = (title, command, args) =>
    runStep({
      title,
      command,
      args,
      deadlineMs: STEP_DEADLINE_MS,
      cwd: folder,
      onFailure: 'Install the package prometheus, or name its folder in VEDETTE_PROMETHEUS_FOLDER.',
      say,
    });
  const download = () =>
    step("fetching Debian's package prometheus (19 MB)", 'apt-get', ['download', 'prometheus']);
  try {
    // Without package lists it is not known where the package is; only root may fetch them.
    let isHere = (await download()).isOk;
    if (!isHere && (await step('apt-get update', 'apt-get', ['update'])).isOk)
      isHere = (await download()).isOk;
    const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (!isHere || file === undefined) return false;
    if (!(await step('unpacking it', 'dpkg-deb', ['-x', file, folder])).isOk) return false;
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(folder, FOLDER);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return findPrometheus() !== null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensurePrometheus()) ? 0 : 1;
}
