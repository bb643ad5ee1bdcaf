/** Every package as npm would get it, and an empty project that installed them all. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNPM, ROOT } from '../../.ci/setup.mjs';

export interface Packed {
  /** Folder name in `packages/`. */
  readonly folder: string;
  readonly tarball: string;
  readonly bytes: Buffer;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** pnpm packs, because it replaces `workspace:` and `catalog:` by versions. */
export async function packAll(into: string): Promise<Packed[]> {
  await pnpm(['-r', '--filter', './packages/*', 'pack', '--pack-destination', into], ROOT);
  const files = (await readdir(into)).filter((file) => file.endsWith('.tgz')).sort();
  return Promise.all(
    files.map(async (file) => ({
      folder: file.replace(/^vedette-(.*)-\d.*$/, '$1'),
      tarball: join(into, file),
      bytes: await readFile(join(into, file)),
    })),
  );
}

/** A project of its own, outside of this workspace: each package of ours comes from its tarball. */
export async function installAll(packed: readonly Packed[], project: string): Promise<void> {
  await mkdir(project);
  const ours = Object.fromEntries(
    packed.map(({ folder, tarball }) => [`@vedette/${folder}`, `file:${tarball}`]),
  );
  const manifest = { name: 'empty', private: true, dependencies: ours, pnpm: { overrides: ours } };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  await pnpm(['install', '--prefer-offline', '--ignore-scripts'], project);
}

export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  deadlineMs = 60_000,
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}

async function pnpm(args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await run('npx', ['--yes', PNPM, ...args], cwd, 120_000);
  if (code !== 0) throw new Error(`pnpm ${args.join(' ')} ended with ${String(code)}\n${stdout}\n${stderr}`);
}
