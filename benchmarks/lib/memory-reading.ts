/** The memory of this process as the kernel counts it. Linux only. */
import { readFileSync } from 'node:fs';
import { pause } from './until.js';

/** In MB of 1,000,000 bytes. */
export interface MemoryReading {
  readonly rss: number;
  /** Pages nobody shares, clean and dirty. */
  readonly private: number;
}

const SETTLE_MS = 1_500;
const LOOK_MS = 300;
const DEADLINE_MS = 10_000;
const STABLE_WITHIN = 0.01;

export function readMemory(): MemoryReading {
  const text = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const mb = (field: string): number => {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text);
    if (match === null) throw new Error(`smaps_rollup names no ${field}`);
    return (Number(match[1]) * 1024) / 1e6;
  };
  return { rss: mb('Rss'), private: mb('Private_Clean') + mb('Private_Dirty') };
}

/** After garbage collection, once three looks in a row agree to 1 %, or at the deadline. */
export async function settledMemory(): Promise<MemoryReading> {
  global.gc?.();
  await pause(SETTLE_MS);
  const end = performance.now() + DEADLINE_MS;
  let looks = [readMemory()];
  while (performance.now() < end) {
    await pause(LOOK_MS);
    looks = [...looks, readMemory()].slice(-3);
    const sizes = looks.map(({ rss }) => rss);
    const spread = Math.max(...sizes) - Math.min(...sizes);
    if (looks.length === 3 && spread <= STABLE_WITHIN * Math.max(...sizes)) break;
  }
  return looks.at(-1) as MemoryReading;
}
