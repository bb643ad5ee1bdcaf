/**
 * Makes sure the tests find systemd's programs: `systemd-notify`, which `vedette run` uses under systemd, and
 * `systemd-analyze`. Promise: Debian's package is installed where they are missing and we are root, and nothing starts.
 *
 * Exit codes: 0 both are there, 1 they are not.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { canInstallDebian, installDebian } from './debian.mjs';

const PROGRAMS = ['/usr/bin/systemd-notify', '/usr/bin/systemd-analyze'];
const isThere = () => PROGRAMS.every((path) => existsSync(path));

/** True if both are there afterwards. Prints what it does and, if it cannot, what to do. */
export async function ensureSystemd(say = (line) => void process.stderr.write(`systemd: ${line}\n`)) {
  if (isThere()) {
    say('programs found');
    return true;
  }
  if (canInstallDebian()) {
    const about = 'Debian package systemd (about 10 MB)';
    if (await installDebian({ packages: ['systemd'], about, isThere, say })) return true;
  }
  say(`Install systemd: there is no ${PROGRAMS.filter((path) => !existsSync(path)).join(', ')}.`);
  return false;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensureSystemd()) ? 0 : 1;
}
