/** The folder of accepted config, its disk, and what earlier runs left. Promise: what is written is removed at once. */
import { constants } from 'node:fs';
import { access, readdir, readFile, stat, statfs, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { failed, judgedFigure, ok, warning, type Finding } from './findings.js';

const MIB = 2 ** 20;
/** Others may not even look: config holds secrets. */
const OTHERS = 0o077;
/** A save takes milliseconds; what is older was cut off. */
const OLD_MS = 60_000;
const MOST_NAMED = 5;

export async function checkStateFolder(folder: string, now: number): Promise<Finding[]> {
  const path = resolve(folder);
  const there = await stat(path).catch((error: unknown) => codeOf(error));
  if (there === 'ENOENT') return [await canBeMade(path)];
  if (typeof there === 'string') return [failed('state folder', `${path}: ${there}`, 'DOCTOR_STATE_FOLDER')];
  if (!there.isDirectory()) return [failed('state folder', `${path} is no folder`, 'DOCTOR_STATE_FOLDER')];
  const written = await tryToWrite(path);
  if (written !== null)
    return [failed('state folder', `${path} cannot be written to: ${written}`, 'DOCTOR_STATE_FOLDER')];
  const files = await filesIn(path);
  return [modeFinding(path, there.mode, files), await diskFinding(path), ...leftoverFinding(files, now)];
}

/** Worker processes whose manager is gone: they should have ended with it. Linux only. */
export async function checkOrphans(): Promise<Finding[]> {
  const pids: number[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const words = await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '');
    if (!/\/(?:cell|dense|process)-child\.cjs\0/.test(words)) continue;
    const status = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
    // The name before it may hold anything, also blanks.
    if (status.slice(status.lastIndexOf(')') + 2).split(' ')[1] === '1') pids.push(Number(name));
  }
  return pids.length === 0
    ? []
    : [
        warning(
          'leftovers',
          `worker processes without a manager: ${pids.join(', ')}`,
          'DOCTOR_LEFTOVERS',
          'End them by their process ids',
        ),
      ];
}

interface FileSeen {
  readonly path: string;
  readonly mode: number;
  readonly changedAt: number;
}

async function canBeMade(path: string): Promise<Finding> {
  for (let at = dirname(path); ; at = dirname(at)) {
    const there = await stat(at).catch((error: unknown) => codeOf(error));
    if (there === 'ENOENT' && at !== dirname(at)) continue;
    const isGood =
      typeof there !== 'string' &&
      there.isDirectory() &&
      (await access(at, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      ));
    return isGood
      ? ok('state folder', `${path} is made at the start`)
      : failed('state folder', `${path} cannot be made in ${at}`, 'DOCTOR_STATE_FOLDER');
  }
}

async function tryToWrite(path: string): Promise<string | null> {
  const probe = join(path, `.vedette-doctor-${process.pid}`);
  try {
    await writeFile(probe, 'x', { mode: 0o600, flag: 'wx' });
    return null;
  } catch (error) {
    return codeOf(error);
  } finally {
    await unlink(probe).catch(() => undefined);
  }
}

async function filesIn(path: string): Promise<FileSeen[]> {
  const names = await readdir(path, { recursive: true }).catch(() => []);
  const seen: FileSeen[] = [];
  for (const name of names) {
    const there = await stat(join(path, name)).catch(() => null);
    if (there !== null) seen.push({ path: join(path, name), mode: there.mode, changedAt: there.mtimeMs });
  }
  return seen;
}

/** Pure. */
export function modeFinding(path: string, mode: number, files: readonly FileSeen[]): Finding {
  const open = files.filter((one) => (one.mode & OTHERS) !== 0).map((one) => one.path);
  // In a folder nobody else may enter, the modes of files mean nothing.
  if ((mode & OTHERS) === 0 || (open.length === 0 && files.length > 0)) return ok('state folder', path);
  return warning(
    'state folder',
    `${path} and what is in it can be read by others`,
    'DOCTOR_STATE_FOLDER',
    `chmod -R go= ${path}`,
  );
}

/** Pure. */
export function leftoverFinding(files: readonly FileSeen[], now: number): Finding[] {
  const left = files.filter(
    (one) =>
      /\.(?:damaged|newer)-\d+$/.test(one.path) ||
      (one.path.endsWith('.tmp') && now - one.changedAt > OLD_MS),
  );
  if (left.length === 0) return [];
  const named = left.slice(0, MOST_NAMED).map((one) => one.path);
  const more = left.length > named.length ? ` and ${left.length - named.length} more` : '';
  return [
    warning(
      'leftovers',
      `${named.join(', ')}${more}`,
      'DOCTOR_LEFTOVERS',
      'Publish that config again, then remove the files',
    ),
  ];
}

async function diskFinding(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const free = Math.floor((bavail * bsize) / MIB);
  const figure = { value: free, text: `${free} MiB free at ${path}` };
  return judgedFigure(
    'disk',
    figure,
    { failed: 16, warning: 256 },
    'Free space, or name another with --state',
    'DOCTOR_DISK_LOW',
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
