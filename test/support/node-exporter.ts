/**
 * A real node exporter for tests: Debian's binary, taken out of its package into .cache without installing
 * (an installed package would start a service). Promise: stop() leaves nothing; if the binary cannot be
 * had, the error says what to do.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';
import { ROOT } from './root.js';
import { deadPort } from './stub-source.js';

export interface NodeExporter {
  /** Its metrics page. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const PACKAGE = 'prometheus-node-exporter';
const CACHE = join(ROOT, '.cache');
const CACHED = join(CACHE, PACKAGE);
const COMMAND_DEADLINE_MS = 120_000;
const run = promisify(execFile);

export async function startNodeExporter(): Promise<NodeExporter> {
  const binary = await nodeExporterBinary();
  const port = await deadPort();
  const child = spawn(binary, [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
    stdio: 'ignore',
  });
  let failure: Error | null = null;
  child.on('error', (error) => {
    failure = error;
  });
  const url = `http://127.0.0.1:${port}/metrics`;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  try {
    await eventually(
      async () => {
        if (failure !== null || child.exitCode !== null) return true;
        const response = await fetch(url, {
          headers: { connection: 'close' },
          signal: AbortSignal.timeout(5_000),
        });
        return (await response.text()).includes('node_cpu_seconds_total');
      },
      { what: 'the node exporter answering', deadlineMs: 15_000 },
    );
    if (failure !== null || child.exitCode !== null) {
      throw new Error(`${binary} did not start: exit code ${String(child.exitCode)}`, { cause: failure });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid ?? 0, stop };
}

/** Its path: from VEDETTE_TEST_NODE_EXPORTER, the PATH, the cache, or fetched once with apt-get. */
export async function nodeExporterBinary(): Promise<string> {
  const given = process.env['VEDETTE_TEST_NODE_EXPORTER'];
  if (given !== undefined && given !== '') return given;
  for (const name of [PACKAGE, 'node_exporter']) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  const cached = join(CACHED, 'usr', 'bin', PACKAGE);
  if (!existsSync(cached)) await unpack();
  return cached;
}

/** Into a folder of its own, then renamed, so that two runs at once cannot see half a package. */
async function unpack(): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, `${PACKAGE}-`));
  const inFolder = { cwd: folder, timeout: COMMAND_DEADLINE_MS };
  try {
    try {
      await run('apt-get', ['download', PACKAGE], inFolder);
    } catch {
      await run('apt-get', ['update', '-q'], inFolder);
      await run('apt-get', ['download', PACKAGE], inFolder);
    }
    const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get download left no package');
    const target = join(folder, 'unpacked');
    await run('dpkg', ['-x', join(folder, archive), target], inFolder);
    try {
      renameSync(target, CACHED);
    } catch (error) {
      // Another run was first.
      if (!existsSync(CACHED)) throw error;
    }
  } catch (cause) {
    throw new Error(
      `no ${PACKAGE} could be had: install one, or name its binary in VEDETTE_TEST_NODE_EXPORTER`,
      { cause },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
