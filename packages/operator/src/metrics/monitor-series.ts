/**
 * All series that carry a monitor's name, as text: its own figures and every fact it observed. Promise: they are
 * made in pieces, so that thousands of monitors hold up nothing, and go with their monitor.
 */
import type { MonitorSpec } from '@vedette/contract';
import type { MonitorStatus, Supervisor } from '@vedette/supervisor';
import { header, labelText, numberText } from './exposition.js';
import type { FactGauges } from './fact-gauges.js';
import { hasFreshFacts, labelsOf, MONITOR_VALUES, type Seen } from './monitor-values.js';
import { PageWriter } from './page-writer.js';
import type { Slices } from './slices.js';

export interface MonitorSeriesParts {
  readonly supervisor: Pick<Supervisor, 'ids' | 'status' | 'spec'>;
  readonly gauges: FactGauges;
  readonly confirmedAt: (id: string) => number | null;
  readonly now: () => number;
  /** Told of each monitor on the way, so that counts need no second walk. */
  readonly onStatus: (status: MonitorStatus) => void;
  /** Facts that are no gauges. */
  readonly onLeftOut: (facts: number) => void;
}

/** The text before all series of one gauge, and what they say: a place each in both lists. */
interface Family {
  readonly head: string;
  readonly name: Uint8Array;
  readonly labels: Uint8Array[];
  readonly values: number[];
}

/** A look at the clock costs as much as some lines. */
const LINES_PER_LOOK = 64;

export class MonitorSeries {
  readonly #parts: MonitorSeriesParts;
  readonly #labels = new WeakMap<MonitorSpec, Uint8Array>();
  #lastBytes = 0;

  constructor(parts: MonitorSeriesParts) {
    this.#parts = parts;
  }

  /** That part of the page. */
  async render(slices: Slices): Promise<Buffer> {
    const own = MONITOR_VALUES.map(({ name, type, help }) => family(name, type, help));
    const facts = new Map<string, Family>();
    let leftOut = 0;
    for (const id of this.#parts.supervisor.ids()) {
      leftOut += this.#add(id, own, facts);
      await slices.pause();
    }
    this.#parts.onLeftOut(leftOut);
    const page = await written([...own, ...facts.values()], new PageWriter(this.#lastBytes), slices);
    this.#lastBytes = page.length;
    return page;
  }

  /** Returns how many facts were left out. */
  #add(id: string, own: readonly Family[], facts: Map<string, Family>): number {
    const { supervisor, now, confirmedAt, gauges, onStatus } = this.#parts;
    const status = supervisor.status(id);
    const spec = supervisor.spec(id);
    // Gone since the walk began.
    if (status === undefined || spec === undefined) return 0;
    onStatus(status);
    const labels = this.#labelsOf(spec);
    const seen: Seen = { status, now: now(), confirmedAt: confirmedAt(id) };
    for (let index = 0; index < MONITOR_VALUES.length; index += 1) {
      const value = MONITOR_VALUES[index]?.of(seen) ?? null;
      const to = own[index];
      if (value !== null && to !== undefined) add(to, labels, value);
    }
    if (!hasFreshFacts(seen, spec)) return 0;
    let leftOut = 0;
    const observed = status.lastRound?.facts ?? {};
    for (const fact of Object.keys(observed)) {
      const value = observed[fact] ?? null;
      if (value === null) continue;
      const gauge = gauges.of(spec.kind, fact);
      if (gauge === null) {
        leftOut += 1;
        continue;
      }
      let to = facts.get(gauge.name);
      if (to === undefined) {
        to = family(gauge.name, 'gauge', gauge.help);
        facts.set(gauge.name, to);
      }
      add(to, labels, value);
    }
    return leftOut;
  }

  /** From the brace to the blank before the value: made once for each version of a monitor. */
  #labelsOf(spec: MonitorSpec): Uint8Array {
    const known = this.#labels.get(spec);
    if (known !== undefined) return known;
    const bytes = Buffer.from(`{${labelText(labelsOf(spec))}} `);
    this.#labels.set(spec, bytes);
    return bytes;
  }
}

function family(name: string, type: 'gauge' | 'counter', help: string): Family {
  return { head: header(name, type, help), name: Buffer.from(name), labels: [], values: [] };
}

function add(to: Family, labels: Uint8Array, value: number): void {
  to.labels.push(labels);
  to.values.push(value);
}

async function written(families: readonly Family[], page: PageWriter, slices: Slices): Promise<Buffer> {
  for (const { head, name, labels, values } of families) {
    if (values.length === 0) continue;
    page.text(head);
    for (let index = 0; index < values.length; index += 1) {
      page.line(name, labels[index] as Uint8Array, numberText(values[index] as number));
      if (index % LINES_PER_LOOK === 0) await slices.pause();
    }
  }
  return page.done();
}
