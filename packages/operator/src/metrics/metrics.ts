/**
 * The page at `/metrics`. Promise: it is made in pieces of a few milliseconds, once for all who ask at a time, and
 * holds nothing of monitors that are gone.
 */
import { createRequire } from 'node:module';
import { systemClock, type Clock, type LinkWord } from '@vedette/contract';
import type { ManagerState, MonitorsManager } from '@vedette/manager';
import { unreadiness } from '../readiness.js';
import { residentBytes } from './child-memory.js';
import { FactGauges } from './fact-gauges.js';
import { FleetCount } from './fleet-count.js';
import { instruments, type Instruments } from './instruments.js';
import { LoopLag } from './loop-lag.js';
import { MonitorSeries } from './monitor-series.js';
import { MONITOR_VALUES } from './monitor-values.js';
import { Slices } from './slices.js';
import { tally, type Tally } from './tally.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const STATES: readonly ManagerState[] = ['idle', 'starting', 'running', 'stopping', 'stopped'];
const LINKS: readonly LinkWord[] = ['connecting', 'connected', 'blocked', 'disconnected', 'closed'];

export class Metrics {
  readonly instruments: Instruments = instruments();
  readonly #manager: MonitorsManager;
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #lag = new LoopLag();
  readonly #series: MonitorSeries;
  readonly #undo: (() => void)[] = [];
  readonly #setters: (() => void)[] = [];
  #fleet = new FleetCount();
  #rendering: Promise<Buffer> | null = null;

  constructor(manager: MonitorsManager, clock: Clock = systemClock) {
    this.#manager = manager;
    this.#clock = clock;
    this.#tally = tally(manager, this.instruments);
    const { registry, applied, refused, info, leftOut, startSelf } = this.instruments;
    info.set({ version, node: process.version }, 1);
    startSelf.set(Math.round(clock.now() / 1_000 - process.uptime()));
    const taken = new Set(MONITOR_VALUES.map(({ name }) => name));
    this.#series = new MonitorSeries({
      supervisor: manager.supervisor,
      gauges: new FactGauges(
        (kind) => manager.registry.get(kind),
        (name) =>
          taken.has(name) || registry.getSingleMetric(name.replace(/_(bucket|sum|count)$/, '')) !== undefined,
      ),
      confirmedAt: (id) => this.#tally.confirmedAt(id),
      now: () => clock.now(),
      onStatus: (status) => {
        this.#fleet.add(status);
      },
      onLeftOut: (facts) => {
        leftOut.set(facts);
      },
    });
    this.#on('config.applied', () => {
      applied.set(clock.now() / 1_000);
    });
    this.#on('config.refused', () => {
      refused.set(clock.now() / 1_000);
    });
  }

  /** Called before each page. */
  onRender(set: () => void): void {
    this.#setters.push(set);
  }

  /** Never rejects but for a defect. */
  render(): Promise<Buffer> {
    this.#rendering ??= this.#render().finally(() => {
      this.#rendering = null;
    });
    return this.#rendering;
  }

  stop(): void {
    this.#lag.stop();
    this.#tally.stop();
    for (const off of this.#undo.splice(0)) off();
  }

  async #render(): Promise<Buffer> {
    const slices = new Slices(this.#clock);
    this.#fleet = new FleetCount();
    const series = await this.#series.render(slices);
    await this.#setFleet();
    this.#setManager();
    for (const set of this.#setters) set();
    const own = await this.instruments.registry.metrics();
    await slices.pause();
    return Buffer.concat([Buffer.from(`${own}\n`), series]);
  }

  /** Words that were and are not any more lose their series. */
  async #setFleet(): Promise<void> {
    const { monitors, links, workers, heap, external, processes, resident } = this.instruments;
    for (const gauge of [monitors, links, workers, heap, external, processes, resident]) gauge.reset();
    const { monitors: counts, links: words, hosts } = this.#fleet;
    for (const { labels, count } of counts.values()) monitors.set(labels, count);
    for (const [link, count] of words) links.set({ link }, count);
    for (const [host, { workers: count, heapBytes, externalBytes, pids }] of hosts) {
      workers.set({ host }, count);
      heap.set({ host }, heapBytes);
      external.set({ host }, externalBytes);
      if (pids.size === 0) continue;
      processes.set({ host }, pids.size);
      const bytes = await residentBytes([...pids]);
      resident.set(
        { host },
        [...bytes.values()].reduce((sum, one) => sum + one, 0),
      );
    }
  }

  #setManager(): void {
    const to = this.instruments;
    const { state, intake, broker, counters } = this.#manager;
    for (const word of STATES) to.managerState.set({ state: word }, Number(word === state));
    for (const link of LINKS) to.brokerLink.set({ link }, Number(link === broker.link));
    to.ready.set(Number(unreadiness({ state, isReading: intake.isReading, link: broker.link }).length === 0));
    for (const [statistic, seconds] of this.#lag.take()) to.lag.set({ statistic }, seconds);
    const { rss, heapUsed } = process.memoryUsage();
    to.residentSelf.set(rss);
    to.heapSelf.set(heapUsed);
    const { user, system } = process.cpuUsage();
    // What others count is taken over as it stands.
    for (const counter of [to.configs, to.refusals, to.pings, to.monitorables, to.replaced, to.cpuSelf])
      counter.reset();
    to.cpuSelf.inc((user + system) / 1e6);
    to.configs.inc({ verdict: 'accepted' }, counters.accepted);
    to.configs.inc({ verdict: 'parked' }, counters.parked);
    for (const [code, count] of Object.entries(counters.refusedByCode)) to.refusals.inc({ code }, count);
    to.pings.inc(counters.pings);
    to.monitorables.inc(counters.monitorables);
    to.replaced.inc({ from: 'manager' }, broker.replaced);
  }

  #on(name: 'config.applied' | 'config.refused', hear: () => void): void {
    this.#manager.on(name, hear);
    this.#undo.push(() => this.#manager.off(name, hear));
  }
}
