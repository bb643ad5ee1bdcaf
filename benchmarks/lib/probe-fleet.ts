/**
 * Many monitors on one host, in a measuring process, and when each of their rounds began. The monitors tell that
 * themselves, by the clock all processes share, so it is the same measure wherever they run.
 */
import { pathToFileURL } from 'node:url';
import { withRevision, type JsonObject, type MonitorSpec } from '@vedette/contract';
import {
  Supervisor,
  type Host,
  type Published,
  type Restarted,
  type RoundEnded,
  type StateChanged,
  type SupervisorOptions,
} from '@vedette/supervisor';
import { nowMs } from './clock.js';
import { monitorableOf, removeAll, strategyOf, type Surroundings } from './fleet.js';
import { hostOf } from './hosts.js';
import type { Kind } from './kinds.js';
import { latenessOf } from './lateness.js';
import { brokerAddress, PATIENT_BEAT_MS, probeSpec } from './probe-spec.js';
import { until } from './until.js';

export interface ProbeFleetArgs extends Surroundings {
  /** A name of `hosts.ts`. */
  readonly host: string;
}

/** One run of one monitor: after a restart its grid is another. */
interface Run {
  readonly id: string;
  readonly periodMs: number;
  readonly starts: number[];
  /** When its first round was due at the latest. */
  readonly dueMs: number;
  /** Infinity while it lasts: of an ended run nothing more is due. */
  endedMs: number;
}

export class ProbeFleet {
  readonly supervisor: Supervisor;
  /** By id, since the start. */
  readonly restarts = new Map<string, number>();
  readonly #args: ProbeFleetArgs;
  readonly #runs = new Map<string, Run>();
  readonly #delays = new Map<string, number>();
  #failedRounds = 0;

  /** Rejects with RangeError where there is no such host. */
  static async on(args: ProbeFleetArgs, options: Partial<SupervisorOptions> = {}): Promise<ProbeFleet> {
    return new ProbeFleet(args, await hostOf(args.host), options);
  }

  private constructor(args: ProbeFleetArgs, host: Host, options: Partial<SupervisorOptions>) {
    this.#args = args;
    this.supervisor = new Supervisor({
      host: {
        spawn: (start) => {
          this.#delays.set(start.spec.id, start.firstRoundDelayMs);
          return host.spawn(start);
        },
        connectionsOf: (spec) => host.connectionsOf?.(spec) ?? 1,
      },
      broker: brokerAddress(args.amqpUrl),
      beatMs: PATIENT_BEAT_MS,
      ...options,
    });
    this.supervisor.on('monitor.state-changed', (event) => {
      this.#noteState(event);
    });
    this.supervisor.on('monitor.round-ended', (event) => {
      this.#noteRound(event);
    });
    this.supervisor.on('monitor.restarted', ({ id }: Restarted) => {
      this.restarts.set(id, (this.restarts.get(id) ?? 0) + 1);
    });
  }

  /** Rounds that did not end well so far. */
  get failedRounds(): number {
    return this.#failedRounds;
  }

  /** A monitor with the work of `fixtures/probe-work.cjs`. */
  probe(name: string, periodMs: number, settings: JsonObject = {}): MonitorSpec {
    const { files, sources } = this.#args;
    return probeSpec({ name, file: files.probeMonitor, page: sources.probe, periodMs, settings });
  }

  /** A monitor of a real kind with another period. */
  real(kind: Kind, name: string, periodMs: number): MonitorSpec {
    const { files, sources } = this.#args;
    const { spec, refusals } = strategyOf(kind).declare(monitorableOf(kind, name, sources));
    if (spec === null) throw new Error(refusals.map(({ reason }) => reason).join('; '));
    const { module, settings, revision: _revision, ...rest } = spec;
    // One module a kind, so that monitors of a kind can share a thread and those of two kinds cannot.
    const stamped = `${pathToFileURL(files.stampedMonitor).href}?${kind}`;
    return withRevision({
      ...rest,
      periodMs,
      module: stamped,
      settings: { ...settings, benchModule: module },
    });
  }

  /** Applies the set and waits until each has ended a round. Resolves with the milliseconds it took. */
  async start(specs: readonly MonitorSpec[]): Promise<number> {
    const missing = new Set(specs.map(({ id }) => id));
    for (const { id } of this.supervisor.snapshot()) missing.delete(id);
    const began = performance.now();
    if (missing.size === 0) {
      this.supervisor.apply(specs);
      return 0;
    }
    const up = until(
      this.supervisor,
      ['monitor.round-ended'],
      (_name, { id }: RoundEnded) => {
        missing.delete(id);
        return missing.size === 0;
      },
      `a round of each of ${specs.length} monitors`,
    );
    this.supervisor.apply(specs);
    return (await up) - began;
  }

  /** The longest time without a round beyond the period, over all runs of each monitor; restarts count. */
  longestGapMs(fromMs: number, untilMs: number, isMeant: (id: string) => boolean = () => true): number {
    const byId = new Map<string, { readonly periodMs: number; readonly starts: number[] }>();
    for (const { id, periodMs, starts } of this.#runs.values()) {
      if (!isMeant(id)) continue;
      const known = byId.get(id) ?? { periodMs, starts: [] };
      known.starts.push(...starts.filter((at) => at >= fromMs && at <= untilMs));
      byId.set(id, known);
    }
    let worst = 0;
    for (const { periodMs, starts } of byId.values()) {
      const points = [...starts, untilMs];
      points.forEach((at, index) => {
        const before = points[index - 1] ?? fromMs;
        worst = Math.max(worst, at - before - periodMs);
      });
    }
    return worst;
  }

  /** Of the slots due in a span of `nowMs()`, of the monitors whose id passes. */
  lateness(fromMs: number, untilMs: number, isMeant: (id: string) => boolean = () => true): number[] {
    return [...this.#runs.values()]
      .filter(({ id }) => isMeant(id))
      .flatMap(({ starts, endedMs, ...run }) =>
        latenessOf(starts, { ...run, fromMs, untilMs: Math.min(untilMs, endedMs) }),
      );
  }

  /** Takes one away, which may have to be forced. */
  async remove(id: string, rest: readonly MonitorSpec[]): Promise<void> {
    const gone = until(
      this.supervisor,
      ['monitor.removed'],
      (_name, event: { id: string }) => event.id === id,
      `the removal of ${id}`,
    );
    this.supervisor.apply(rest);
    await gone;
  }

  async end(): Promise<void> {
    await removeAll(this.supervisor);
    await this.supervisor.stop();
  }

  #noteState({ id, spec, attempt, from, to }: StateChanged): void {
    const ended = from === 'running' ? this.#runs.get(`${id} ${attempt}`) : undefined;
    if (ended !== undefined) ended.endedMs = nowMs();
    if (to.state !== 'running') return;
    const dueMs = nowMs() + (this.#delays.get(id) ?? 0);
    this.#runs.set(`${id} ${attempt}`, { id, periodMs: spec.periodMs, starts: [], dueMs, endedMs: Infinity });
  }

  #noteRound({ id, attempt, round }: RoundEnded): void {
    if (round.outcome !== 'ok') this.#failedRounds += 1;
    const startedUs = round.facts['started_us'];
    if (typeof startedUs === 'number') this.#runs.get(`${id} ${attempt}`)?.starts.push(startedUs / 1e3);
  }
}

/** Resolves once each of `n` monitors of `supervisor` had raw data confirmed, or runs if it publishes none. */
export function allUp(supervisor: Supervisor, n: number, isPublishing = true): Promise<number> {
  const up = new Set<string>();
  return until(
    supervisor,
    [isPublishing ? 'message.published' : 'monitor.state-changed'],
    (_name, event: Published & StateChanged) => {
      const isUp = isPublishing
        ? event.message.exchange === 'raw_data' && event.outcome === 'confirmed'
        : event.to.state === 'running';
      if (isUp) up.add(event.id);
      return up.size === n;
    },
    `${n} monitors up`,
  );
}
