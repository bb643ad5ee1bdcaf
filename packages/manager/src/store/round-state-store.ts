/**
 * Keeps what each monitor's last round left, so that a restarted manager hands it back. Promise: it holds
 * nothing up and stops nothing. It is a memory, not a promise to anybody: written every few seconds and at
 * the end, so a kill loses that much; a damaged file is set aside; what is too large is not kept.
 */
import type { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialiseError, VedetteError, type Clock, type JsonValue, type Logger } from '@vedette/contract';
import type { SupervisorEvents } from '@vedette/supervisor';
import type { SetAside } from './scope-store.js';
import { sealed, unsealed } from './sealed-text.js';

const FILE = 'round-states.json';

/** Where and how much {@link RoundStateStore} keeps. */
export interface RoundStateOptions {
  /** As of the scope store; made when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest time a state is only in memory, milliseconds. Default 5,000. */
  readonly everyMs?: number;
  /** A larger state is not kept, in bytes of JSON. Default 64 KiB. */
  readonly maxBytesEach?: number;
  /** Of all together; what does not fit is not kept. Default 16 MiB. */
  readonly maxBytesInAll?: number;
}

interface Kept {
  readonly revision: string;
  readonly state: JsonValue;
  /** As JSON, made when it is first written. */
  text: string | null;
}

/** Keeps what each monitor's last round left, so that a restarted manager hands it back. */
export class RoundStateStore {
  readonly #options: Required<RoundStateOptions>;
  readonly #path: string;
  #kept: Map<string, Kept> | null = null;
  #isDirty = false;
  #cancelTimer: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isStopping = false;
  #isClosed = false;
  readonly #toldTooLarge = new Set<string>();

  constructor(options: RoundStateOptions) {
    this.#options = { everyMs: 5_000, maxBytesEach: 64 * 1024, maxBytesInAll: 16 * 1024 * 1024, ...options };
    this.#path = join(options.folder, FILE);
  }

  /**
   * For `SupervisorOptions.initialState`. The file is read when first asked, so that a standby gets what the
   * manager before it left.
   */
  readonly initialState = (id: string, revision: string): JsonValue => {
    const known = this.#states().get(id);
    return known?.revision === revision ? known.state : null;
  };

  /** Notes the state of each round from now on. */
  attach(supervisor: Pick<EventEmitter<SupervisorEvents>, 'on'>): void {
    supervisor.on('monitor.round-ended', ({ id, spec, state }) => {
      this.#note(id, spec.revision, state);
    });
    supervisor.on('monitor.removed', ({ id, spec }) => {
      if (!this.#isStopping) this.#note(id, spec.revision, null);
    });
  }

  /** From now on a monitor that goes is only stopped, not removed: its state is kept. */
  beginStop(): void {
    this.#isStopping = true;
  }

  /** Writes what is not written yet and ends. Synchronous: nothing runs after a manager's stop. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (!this.#isDirty) return;
    const temporary = `${this.#path}.last.tmp`;
    try {
      mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, this.#text(), { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch (error) {
      this.#failed(error);
      try {
        unlinkSync(temporary);
      } catch {
        // It was never made, or cannot be removed either.
      }
    }
  }

  #note(id: string, revision: string, state: JsonValue): void {
    // What a worker that could not be ended still says; a timer would hold up the end of the process.
    if (this.#isClosed) return;
    const states = this.#states();
    if (state === null) {
      if (!states.delete(id)) return;
      this.#toldTooLarge.delete(id);
    } else {
      // Deleted first: the order of the map is that of use.
      states.delete(id);
      states.set(id, { revision, state, text: null });
    }
    this.#isDirty = true;
    this.#cancelTimer ??= this.#options.clock.after(this.#options.everyMs, () => {
      this.#cancelTimer = null;
      this.#writing = this.#writing.then(() => this.#write());
    });
  }

  #states(): Map<string, Kept> {
    this.#kept ??= this.#load();
    return this.#kept;
  }

  async #write(): Promise<void> {
    if (!this.#isDirty || this.#isStopping) return;
    this.#isDirty = false;
    const temporary = `${this.#path}.tmp`;
    try {
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      // Not synced: a power cut may cost the newest states, and the checksum tells.
      await writeFile(temporary, this.#text(), { mode: 0o600 });
      await rename(temporary, this.#path);
      this.#isFailing = false;
    } catch (error) {
      this.#isDirty = true;
      await unlink(temporary).catch(() => undefined);
      this.#failed(error);
    }
  }

  /** Where not all fit, those not used for longest are left out. */
  #text(): string {
    const { maxBytesEach, maxBytesInAll } = this.#options;
    const lines: string[] = [];
    let bytes = 0;
    for (const [id, kept] of [...this.#states()].reverse()) {
      kept.text ??= JSON.stringify([id, kept.revision, kept.state]);
      const size = Buffer.byteLength(kept.text) + 1;
      if (size > maxBytesEach || bytes + size > maxBytesInAll) this.#tellTooLarge(id, size);
      else {
        lines.push(kept.text);
        bytes += size;
      }
    }
    return sealed(`[${lines.reverse().join(',')}]`);
  }

  #tellTooLarge(id: string, bytes: number): void {
    if (this.#toldTooLarge.has(id)) return;
    this.#toldTooLarge.add(id);
    const { maxBytesEach, maxBytesInAll } = this.#options;
    const fields = { component: 'store', monitorId: id, bytes, maxBytesEach, maxBytesInAll };
    this.#options.logger.log('warn', 'The state of a monitor is too large and is not kept', fields);
  }

  /** Once per outage. */
  #failed(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const coded = new VedetteError(
      'STORE_WRITE_FAILED',
      `Round states could not be stored in ${this.#path}`,
      {
        cause: error,
        details: { file: this.#path },
      },
    );
    this.#options.logger.log('warn', 'Round states are not kept for now', {
      component: 'store',
      err: serialiseError(coded),
    });
  }

  #load(): Map<string, Kept> {
    const { maxBytesEach, maxBytesInAll } = this.#options;
    const states = new Map<string, Kept>();
    let text: string;
    try {
      // The limits may have been lowered, but a file far beyond them is not ours to load.
      if (statSync(this.#path).size > 2 * maxBytesInAll)
        return this.#setAside({ code: 'STORE_UNREADABLE', reason: 'it is too large' });
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      if (why === 'ENOENT' || why === 'ENOTDIR') return states;
      return this.#setAside({ code: 'STORE_UNREADABLE', reason: `it cannot be read: ${why}` });
    }
    const read = unsealed(text);
    if ('code' in read) return this.#setAside(read);
    const entries = JSON.parse(read.text) as JsonValue;
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (!Array.isArray(entry)) continue;
      const [id, revision, state] = entry as readonly JsonValue[];
      if (typeof id !== 'string' || typeof revision !== 'string' || state === undefined) continue;
      const size = Buffer.byteLength(JSON.stringify(entry));
      if (size <= maxBytesEach) states.set(id, { revision, state, text: null });
    }
    return states;
  }

  #setAside(why: Pick<SetAside, 'code' | 'reason'>): Map<string, Kept> {
    const file = `${this.#path}.damaged-${String(this.#options.clock.now())}`;
    try {
      renameSync(this.#path, file);
    } catch {
      // It stays where it is and is replaced by the next write.
    }
    this.#options.logger.log('error', 'Stored round states set aside', { component: 'store', file, ...why });
    return new Map();
  }
}
