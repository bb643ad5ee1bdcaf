/**
 * The room there is, at any moment. The machine is read at most once a second and never for more than a twentieth
 * of the time; between two readings what was admitted counts by the table of costs, until a reading has seen it.
 */
import type { Clock } from '@vedette/contract';
import { shortageOf, sum, type Limits, type Numbers, type Shortage } from './admit.js';
import { NOTHING, type Cost } from './costs.js';
import type { Machine, Reading } from './machine.js';

/** Where {@link Admission} reads, and what the operator allows. */
export interface AdmissionOptions {
  readonly machine: Machine;
  readonly clock: Clock;
  /** Below what the machine gives; null: only the machine's. */
  readonly maxMemoryMb?: number | null;
  /** Broker connections that may be opened; null: no limit is known. */
  readonly maxConnections?: number | null;
  /** The broker is in this process: nobody connects. */
  readonly isEmbedded?: boolean;
  /** Process ids whose memory is ours too. */
  readonly children: () => readonly number[];
}

/** What was admitted for one monitor. */
export interface Reservation {
  /** It is there: the next reading sees it. */
  settled(): void;
  /** It is gone. */
  release(): void;
}

const READ_EVERY_MS = 1_000;
const READ_SHARE = 20;

/** What the machine has left for more monitors, read at most once a second. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Admitted, and not seen by a reading yet. */
  readonly #pending = new Map<Reservation, Cost>();
  readonly #settled = new Set<Reservation>();
  readonly #children = new Map<number, { readAt: number; used: Pick<Numbers, 'mappings' | 'handles'> }>();
  #reading: Reading | null = null;
  #nextReadAt = -Infinity;
  #connections = 1;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get limits(): Limits {
    const { limits } = this.#read();
    const { maxMemoryMb = null, maxConnections = null } = this.#options;
    return {
      ...limits,
      memoryMb: maxMemoryMb === null ? limits.memoryMb : Math.min(maxMemoryMb, limits.memoryMb ?? Infinity),
      connections: maxConnections,
    };
  }

  /** What is used, what was admitted since included. */
  get numbers(): Numbers {
    const { numbers } = this.#read();
    const pending = [...this.#pending.values()].reduce(sum, NOTHING);
    return { ...sum({ ...numbers, connections: 0 }, pending), connections: this.#connections };
  }

  /** Counts a monitor in until it is released. */
  reserve(cost: Cost): Reservation {
    const connections = this.#options.isEmbedded === true ? 0 : cost.connections;
    this.#connections += connections;
    let isHeld = true;
    const reservation: Reservation = {
      settled: () => {
        if (this.#pending.has(reservation)) this.#settled.add(reservation);
      },
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#connections -= connections;
        this.#pending.delete(reservation);
        this.#settled.delete(reservation);
      },
    };
    this.#pending.set(reservation, { ...cost, connections: 0 });
    return reservation;
  }

  /** Whether a child process has room for one more; `cost` is what that takes there. */
  shortageIn(pid: number, cost: Cost): Shortage | null {
    const now = this.#options.clock.monotonic();
    let known = this.#children.get(pid);
    if (known === undefined || now - known.readAt >= READ_EVERY_MS) {
      known = { readAt: now, used: this.#options.machine.readChild(pid) };
      this.#children.set(pid, known);
      if (this.#children.size > 2 * this.#options.children().length + 8) this.#forgetChildren();
    }
    const numbers = { memoryMb: 0, connections: 0, ...known.used };
    const shortage = shortageOf(numbers, this.limits, { ...cost, memoryMb: 0, connections: 0 });
    if (shortage === null) {
      const { mappings, handles } = known.used;
      known.used = { mappings: mappings + cost.mappings, handles: handles + cost.handles };
    }
    return shortage;
  }

  #forgetChildren(): void {
    const alive = new Set(this.#options.children());
    for (const pid of this.#children.keys()) if (!alive.has(pid)) this.#children.delete(pid);
  }

  #read(): Reading {
    const { clock, machine, children } = this.#options;
    const now = clock.monotonic();
    if (this.#reading !== null && now < this.#nextReadAt) return this.#reading;
    this.#reading = machine.read(children());
    const tookMs = clock.monotonic() - now;
    this.#nextReadAt = now + Math.max(READ_EVERY_MS, tookMs * READ_SHARE);
    for (const seen of this.#settled) this.#pending.delete(seen);
    this.#settled.clear();
    return this.#reading;
  }
}
