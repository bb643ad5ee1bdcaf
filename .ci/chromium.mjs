/**
 * Makes sure the tests of the dashboard find Debian's Chromium, and a font for it. Promise: it is installed where it
 * is missing and we are root; no window is opened and nothing is left running.
 *
 * Exit codes: 0 it is there, 1 it is not.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { canInstallDebian, installDebian } from './debian.mjs';

const PLACES = ['/usr/bin', '/usr/local/bin'];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable'];
/** Without a font a page is empty boxes, and so are the screenshots. */
const FONTS = '/usr/share/fonts';
const PACKAGES = ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji'];

/** Path of the browser, or null. */
export function findChromium() {
  const candidates = PLACES.flatMap((place) => NAMES.map((name) => join(place, name)));
  return [process.env['VEDETTE_CHROMIUM'], ...candidates].find((path) => path && existsSync(path)) ?? null;
}

/** True if it is there afterwards. Prints what it does and, if it cannot, what to do. */
export async function ensureChromium(say = (line) => void process.stderr.write(`chromium: ${line}\n`)) {
  const isThere = () => findChromium() !== null && hasFonts();
  if (isThere()) {
    say(`program found: ${findChromium()}`);
    return true;
  }
  if (!canInstallDebian()) {
    if (findChromium() !== null) return true;
    say('Chromium is not installed and this is not root on Debian or Ubuntu.');
    say('Install the package chromium, or name a Chromium in VEDETTE_CHROMIUM.');
    return false;
  }
  const about = 'Debian packages chromium and fonts (about 100 MB, a minute or two)';
  return installDebian({ packages: PACKAGES, about, isThere, say });
}

function hasFonts() {
  return (
    existsSync(FONTS) && readdirSync(FONTS, { recursive: true }).some((name) => /\.(ttf|otf)$/.test(name))
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensureChromium()) ? 0 : 1;
}
