/** Whether tasks of this machine wait for a processor: Linux's own account of it, or how many want to run. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

const PRESSURE = '/proc/pressure/cpu';
/** Percent of the last ten seconds in which some task waited. */
const BUSY_PERCENT = 25;

/** Costs some 50 µs. */
export function isProcessorBusy(): boolean {
  const waitedPercent = pressureIn(readPressure());
  if (waitedPercent !== null) return waitedPercent >= BUSY_PERCENT;
  return (loadavg()[0] ?? 0) > availableParallelism() / 2;
}

/** `some avg10` of the text of {@link PRESSURE}; null if it is not there. */
export function pressureIn(text: string): number | null {
  const [, percent] = /^some avg10=(\d+(?:\.\d+)?) /m.exec(text) ?? [];
  return percent === undefined ? null : Number(percent);
}

/** Empty where the kernel has no such account. */
function readPressure(): string {
  try {
    return readFileSync(PRESSURE, 'utf8');
  } catch {
    return '';
  }
}
