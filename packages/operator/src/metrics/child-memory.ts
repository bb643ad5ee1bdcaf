/** Resident memory of the processes workers run in, where the system tells it (Linux). */
import { readFile } from 'node:fs/promises';

const MAX_PROCESSES = 1_000;
const AT_A_TIME = 16;

/** Bytes by pid; one that is gone, or a system without /proc, is left out. Never rejects. */
export async function residentBytes(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const bytes = new Map<number, number>();
  const queue = pids.slice(0, MAX_PROCESSES);
  const work = async (): Promise<void> => {
    for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
      const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
      if (kilobytes !== undefined) bytes.set(pid, Number(kilobytes) * 1_024);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return bytes;
}

/** Hosts whose workers are in child processes, and name them. */
const OWN_PROCESS = new Set(['cell', 'process']);

/** `cell:4711/3` is a worker of process 4711; threads of this process have none of their own. */
export function workerHost(hostId: string): { readonly host: string; readonly pid: number | null } {
  const [host = 'unknown', rest = ''] = hostId.split(':', 2);
  const pid = OWN_PROCESS.has(host) ? Number(rest.split('/')[0]) : NaN;
  return { host, pid: Number.isInteger(pid) && pid > 0 ? pid : null };
}
