/** One file per scope: checksummed, versioned, mode 0600, replaced atomically and synced before the ack. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { FAMILY_NAMES, isJsonObject, VedetteError } from '@vedette/contract';
import type { ScopeRecord, ScopeStore, SetAside } from './scope-store.js';

const VERSION = 1;
const SUFFIX = '.scope.json';

export class FileScopeStore implements ScopeStore {
  readonly #folder: string;

  /** `folder` is made when missing, mode 0700. */
  constructor(folder: string) {
    this.#folder = join(folder, 'scopes');
  }

  async load(): ReturnType<ScopeStore['load']> {
    await this.#makeFolder();
    const records: ScopeRecord[] = [];
    const setAside: SetAside[] = [];
    for (const name of (await readdir(this.#folder)).sort()) {
      const path = join(this.#folder, name);
      // A temporary file is a save that was cut off before its rename: the old record stands.
      if (name.endsWith('.tmp')) await unlink(path).catch(() => undefined);
      if (!name.endsWith(SUFFIX)) continue;
      const read = readRecord(await readFile(path, 'utf8').catch(() => ''));
      if ('record' in read) {
        records.push(read.record);
        continue;
      }
      const aside = `${path}.${read.code === 'STORE_NEWER_VERSION' ? 'newer' : 'damaged'}-${Date.now()}`;
      await rename(path, aside).catch(() => undefined);
      setAside.push({ file: aside, ...read });
    }
    records.sort((a, b) => a.generation - b.generation);
    return { records, setAside };
  }

  async save(record: ScopeRecord): Promise<void> {
    const path = join(this.#folder, fileName(record.scope));
    const temporary = `${path}.tmp`;
    try {
      await this.#makeFolder();
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(serialise(record));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await this.#syncFolder();
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw new VedetteError('STORE_WRITE_FAILED', `Scope ${record.scope} could not be stored in ${path}`, {
        cause: error,
        details: { scope: record.scope, file: path },
      });
    }
  }

  async #makeFolder(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Without this the rename itself may not survive a power cut. */
  async #syncFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

/** Readable where possible, unique always, never longer than a file name may be. */
function fileName(scope: string): string {
  const readable = scope.replace(/[^a-z0-9._-]+/gi, '_').slice(0, 80);
  return `${readable}-${checksum(scope).slice(0, 12)}${SUFFIX}`;
}

function serialise(record: ScopeRecord): string {
  const text = JSON.stringify(record);
  return `${JSON.stringify({ version: VERSION, checksum: checksum(text) })}\n${text}\n`;
}

function readRecord(text: string): { record: ScopeRecord } | Pick<SetAside, 'code' | 'reason'> {
  const damaged = (reason: string): Pick<SetAside, 'code' | 'reason'> => ({
    code: 'STORE_UNREADABLE',
    reason,
  });
  const [head, body] = text.split('\n');
  if (head === undefined || body === undefined) return damaged('it is empty or cut off');
  let header: unknown;
  try {
    header = JSON.parse(head);
  } catch {
    return damaged('its first line is not JSON');
  }
  if (!isJsonObject(header) || typeof header['version'] !== 'number') return damaged('it has no version');
  if (header['version'] > VERSION) {
    return { code: 'STORE_NEWER_VERSION', reason: `version ${header['version']} is newer than ${VERSION}` };
  }
  if (header['checksum'] !== checksum(body)) return damaged('its checksum does not match');
  const record = JSON.parse(body) as ScopeRecord;
  return FAMILY_NAMES.includes(record.family) ? { record } : damaged('its family is unknown');
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
