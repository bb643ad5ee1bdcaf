/** One file per scope: checksummed, versioned, mode 0600, replaced atomically and synced before the ack. */
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { FAMILY_NAMES, VedetteError } from '@vedette/contract';
import type { ScopeRecord, ScopeStore, SetAside } from './scope-store.js';
import { checksum, sealed, unsealed } from './sealed-text.js';

const SUFFIX = '.scope.json';

/** Accepted config in a folder: written anew, synced and renamed before a message is acknowledged. */
export class FileScopeStore implements ScopeStore {
  readonly #folder: string;

  /** `folder` is made when missing, mode 0700. */
  constructor(folder: string) {
    this.#folder = join(folder, 'scopes');
  }

  async load(): ReturnType<ScopeStore['load']> {
    const records: ScopeRecord[] = [];
    const setAside: SetAside[] = [];
    for (const name of await this.#fileNames()) {
      const path = join(this.#folder, name);
      // A temporary file is a save that was cut off before its rename: the old record stands.
      if (name.endsWith('.tmp')) await unlink(path).catch(() => undefined);
      if (!name.endsWith(SUFFIX)) continue;
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        // Not damaged for all we know: it stays where it is.
        setAside.push({
          file: path,
          code: 'STORE_UNREADABLE',
          reason: `it cannot be read: ${codeOf(error)}`,
        });
        continue;
      }
      const read = readRecord(text);
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
        await file.writeFile(sealed(JSON.stringify(record)));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await this.#syncFolder();
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      const text = `Scope ${record.scope} could not be stored in ${path}: ${codeOf(error)}`;
      throw new VedetteError('STORE_WRITE_FAILED', text, {
        cause: error,
        details: { scope: record.scope, file: path, reason: codeOf(error) },
      });
    }
  }

  /** Rejects with STORE_WRITE_FAILED where there can never be a folder: nothing could be accepted. */
  async #fileNames(): Promise<string[]> {
    try {
      await this.#makeFolder();
      return (await readdir(this.#folder)).sort();
    } catch (error) {
      throw new VedetteError('STORE_WRITE_FAILED', `${this.#folder} cannot be used: ${codeOf(error)}`, {
        cause: error,
        details: { folder: this.#folder, reason: codeOf(error) },
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

function readRecord(file: string): { record: ScopeRecord } | Pick<SetAside, 'code' | 'reason'> {
  const read = unsealed(file);
  if ('code' in read) return read;
  const record = JSON.parse(read.text) as ScopeRecord;
  if (FAMILY_NAMES.includes(record.family)) return { record };
  return { code: 'STORE_UNREADABLE', reason: 'its family is unknown' };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
