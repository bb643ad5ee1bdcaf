/** The watching half of the loop watchdog; see there. Knows nothing but a number that must move. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

export interface WatchdogData {
  readonly beats: Int32Array<SharedArrayBuffer>;
  readonly everyMs: number;
  /** Looks in a row without a beat after which the process is ended. */
  readonly looks: number;
  /** Written to stderr before. */
  readonly line: string;
}

const { beats, everyMs, looks, line } = workerData as WatchdogData;
const STDERR = 2;

let seen = Atomics.load(beats, 0);
// Looks are counted, not milliseconds: while the machine sleeps or the process is stopped nobody looks.
for (let still = 0; still < looks;) {
  Atomics.wait(beats, 0, seen, everyMs);
  const now = Atomics.load(beats, 0);
  still = now === seen ? still + 1 : 0;
  seen = now;
  // A beat does not wake this thread: the rest of the interval is waited out.
  if (still === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, everyMs);
}
try {
  // Past every stream of the main thread, which no longer works them off.
  writeSync(STDERR, line);
} catch {
  // Nobody reads it; the end counts.
}
process.kill(process.pid, 'SIGKILL');
