/**
 * The host of hosts: sends each monitor to the host its rules choose, if there is room. Promise: what there is no
 * room for is refused with the reason, never tried; a monitor that brought two cells down runs by itself.
 */
import type { Clock, HostWord, Logger, MonitorSpec, Placement, StartData } from '@vedette/contract';
import { silentLogger } from '@vedette/contract';
import { refusedError, RETURN_SHARE, SHARE } from '../admission/admit.js';
import { Admission, type AdmissionOptions } from '../admission/admission.js';
import type { Cost, Sizes } from '../admission/costs.js';
import { HOST_COSTS } from '../admission/costs.js';
import { costOf, whereToRun } from '../admission/where.js';
import { afterCellDeath, culpritOf, isDemoted, NO_DEATHS, type DeathHistory } from '../placement/demotion.js';
import { placementOf, type HostRules } from '../placement/placement-of.js';
import type { CellEnd } from './cells.js';
import type { Host, WorkerHandle } from './host.js';
import { PlacedHandle, refusedHandle } from './placed-handle.js';

/** The rules, the hosts and the limits of a {@link PlacedHost}. */
export interface PlacedHostOptions {
  readonly rules: HostRules;
  /** Makes the host of a word, when it is first needed. */
  readonly create: (word: HostWord, ties: HostTies) => Host;
  readonly sizes: Sizes;
  readonly admission: Omit<AdmissionOptions, 'children' | 'clock'>;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/** What a host of this one has to ask or tell; those without cells need none of it. */
export interface HostTies {
  readonly onCellEnded: (end: CellEnd) => void;
  /** Whether the process that holds some monitors has room for one more. */
  readonly hasRoom: (pid: number, spec: MonitorSpec) => boolean;
}

/** Those that wait ask every few seconds, of thousands every few minutes. */
const FORGET_MS = 600_000;

/** The host of hosts: sends each monitor to the one its rules choose, if there is room. */
export class PlacedHost implements Host {
  readonly admission: Admission;
  readonly #options: PlacedHostOptions;
  readonly #logger: Logger;
  readonly #hosts = new Map<HostWord, Host>();
  readonly #live = new Map<HostWord, number>();
  readonly #handles = new Map<string, PlacedHandle>();
  readonly #deaths = new Map<string, DeathHistory>();
  /** Monitors that wait for a first place, longest not asked first: when they asked, monotonic. */
  readonly #refused = new Map<string, number>();
  /** Monitors whose last run ended out of memory: since when, monotonic. */
  readonly #outOfMemory = new Map<string, number>();

  constructor(options: PlacedHostOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.admission = new Admission({
      ...options.admission,
      clock: options.clock,
      children: () => this.processes,
    });
  }

  get processes(): readonly number[] {
    return [...this.#hosts.values()].flatMap(({ processes }) => processes ?? []);
  }

  choiceOf(spec: MonitorSpec): string {
    const { host } = this.#choice(spec);
    return `${host} ${String(spec.hosting?.density ?? '')}`;
  }

  /** With room and without, `auto` decides at the start: one, as most of its monitors have. */
  connectionsOf(spec: MonitorSpec): number {
    const { host } = this.#choice(spec);
    return host === 'auto' ? 1 : (this.#hostOf(host).connectionsOf?.(spec) ?? 1);
  }

  spawn(start: StartData): WorkerHandle {
    const { spec } = start;
    const { sizes, admission } = this.#options;
    const { host: choice, reason } = this.#choice(spec);
    const costOn = (word: HostWord): Cost =>
      costOf(word, spec, this.#live.get(word) ?? 0, sizes, admission.isEmbedded === true);
    // The first start, or refused ever since.
    const isNew = start.attempt === 1 || this.#refused.has(spec.id);
    const { numbers, limits } = this.admission;
    const where = whereToRun(choice, costOn, numbers, limits, isNew ? SHARE : RETURN_SHARE);
    const placement: Placement = { host: where.host, reason };
    if (where.type === 'refused') {
      if (isNew) this.#noteRefused(spec.id);
      return refusedHandle(placement, refusedError(spec.id, where.host, where.shortage));
    }
    this.#refused.delete(spec.id);
    const reservation = this.admission.reserve(where.cost);
    try {
      const inner = this.#hostOf(where.host).spawn(start);
      const handle = new PlacedHandle(start, inner, placement, reservation, this.#options.clock);
      this.#follow(handle);
      return handle;
    } catch (error) {
      reservation.release();
      throw error;
    }
  }

  /** One that was removed while it waited is never heard of again. */
  #noteRefused(id: string): void {
    const now = this.#options.clock.monotonic();
    this.#refused.delete(id);
    this.#refused.set(id, now);
    for (const [old, at] of this.#refused) {
      if (now - at < FORGET_MS) break;
      this.#refused.delete(old);
    }
  }

  #choice(spec: MonitorSpec): ReturnType<typeof placementOf> {
    return placementOf(spec, this.#options.rules, this.#deaths.get(spec.id) ?? NO_DEATHS);
  }

  #hostOf(word: HostWord): Host {
    const known = this.#hosts.get(word);
    if (known !== undefined) return known;
    const host = this.#options.create(word, {
      onCellEnded: (end) => {
        this.#cellEnded(end);
      },
      hasRoom: (pid, spec) => this.admission.shortageIn(pid, HOST_COSTS[word].inside(spec.limits)) === null,
    });
    this.#hosts.set(word, host);
    return host;
  }

  #follow(handle: PlacedHandle): void {
    const { monitorId: id, placement } = handle;
    const { host } = placement;
    this.#handles.set(id, handle);
    this.#live.set(host, (this.#live.get(host) ?? 0) + 1);
    void handle.exited.then(({ reason }) => {
      this.#live.set(host, (this.#live.get(host) ?? 1) - 1);
      // A run that could not be ended may have a successor already.
      if (this.#handles.get(id) === handle) this.#handles.delete(id);
      if (reason === 'out-of-memory') this.#outOfMemory.set(id, this.#options.clock.monotonic());
      else this.#outOfMemory.delete(id);
    });
  }

  /** Told before its monitors are: their handles are still those of the cell. */
  #cellEnded({ cellId, monitors, output, how }: CellEnd): void {
    const now = this.#options.clock.monotonic();
    const facts = monitors.flatMap((id) => {
      const outOfMemoryAt = this.#outOfMemory.get(id);
      return (
        this.#handles.get(id)?.facts(now, outOfMemoryAt === undefined ? null : now - outOfMemoryAt) ?? []
      );
    });
    const culprit = culpritOf(facts, output);
    if (culprit === null) return;
    const { id, trouble } = culprit;
    const before = this.#deaths.get(id) ?? NO_DEATHS;
    const history = afterCellDeath(before, trouble);
    this.#deaths.set(id, history);
    if (isDemoted(before) || !isDemoted(history)) return;
    this.#logger.log('warn', 'Monitor brought its cell down again and runs in a process of its own', {
      component: 'supervisor',
      monitorId: id,
      trouble,
      cellId,
      how,
      cellDeaths: history.cellDeaths,
    });
  }
}
