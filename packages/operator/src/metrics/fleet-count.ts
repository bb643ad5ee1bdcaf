/** Counts over all monitors, taken on one walk: by state, by host, by link. No decisions. */
import type { MonitorStatus } from '@vedette/supervisor';
import { stateWord } from '@vedette/supervisor';
import { workerHost } from './child-memory.js';

export interface HostCount {
  workers: number;
  heapBytes: number;
  externalBytes: number;
  readonly pids: Set<number>;
}

export class FleetCount {
  /** Kind, state and health as one key of three words. */
  readonly monitors = new Map<string, { readonly labels: Record<string, string>; count: number }>();
  readonly links = new Map<string, number>();
  readonly hosts = new Map<string, HostCount>();

  add(status: MonitorStatus): void {
    const { kind, health, state, link, memory } = status;
    const word = stateWord(status);
    const key = `${kind} ${word} ${health}`;
    const known = this.monitors.get(key);
    if (known === undefined) this.monitors.set(key, { labels: { kind, state: word, health }, count: 1 });
    else known.count += 1;
    if (state.state !== 'running') return;
    this.links.set(link, (this.links.get(link) ?? 0) + 1);
    const { host, pid } = workerHost(state.hostId);
    const of = this.#hostOf(host);
    of.workers += 1;
    of.heapBytes += (memory?.heapKb ?? 0) * 1_024;
    of.externalBytes += (memory?.externalKb ?? 0) * 1_024;
    if (pid !== null) of.pids.add(pid);
  }

  #hostOf(host: string): HostCount {
    const known = this.hosts.get(host);
    if (known !== undefined) return known;
    const count = { workers: 0, heapBytes: 0, externalBytes: 0, pids: new Set<number>() };
    this.hosts.set(host, count);
    return count;
  }
}
