/**
 * All series that carry a monitor's name, as text: its own figures and every fact it observed. Promise: they are
 * made in pieces, so that thousands of monitors hold up nothing, and go with their monitor.
 */
import type { MonitorSpec } from '@vedette/contract';
import type { MonitorStatus, Supervisor } from '@vedette/supervisor';
import { header, labelText, numberText } from './exposition.js';
import type { FactGauges } from './fact-gauges.js';
import { hasFreshFacts, labelsOf, MONITOR_VALUES, type Seen } from './monitor-values.js';
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

/** Text before all series of one gauge, and these. */
interface Family {
  readonly head: string;
  readonly lines: string[];
}

const FLUSH_CHARS = 64 * 1024;

export class MonitorSeries {
  readonly #parts: MonitorSeriesParts;
  readonly #labels = new WeakMap<MonitorSpec, string>();

  constructor(parts: MonitorSeriesParts) {
    this.#parts = parts;
  }

  /** The page in pieces of about 64 KiB. */
  async render(slices: Slices): Promise<Buffer[]> {
    const own = MONITOR_VALUES.map(({ name, type, help }): Family => ({
      head: header(name, type, help),
      lines: [],
    }));
    const facts = new Map<string, Family>();
    let leftOut = 0;
    for (const id of this.#parts.supervisor.ids()) {
      leftOut += this.#add(id, own, facts);
      await slices.pause();
    }
    this.#parts.onLeftOut(leftOut);
    return encode([...own, ...facts.values()], slices);
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
    for (const [index, { name, of }] of MONITOR_VALUES.entries()) {
      const value = of(seen);
      if (value !== null) own[index]?.lines.push(`${name}{${labels}} ${numberText(value)}\n`);
    }
    if (!hasFreshFacts(seen, spec)) return 0;
    let leftOut = 0;
    for (const [fact, value] of Object.entries(status.lastRound?.facts ?? {})) {
      if (value === null) continue;
      const gauge = gauges.of(spec.kind, fact);
      if (gauge === null) {
        leftOut += 1;
        continue;
      }
      let family = facts.get(gauge.name);
      if (family === undefined) {
        family = { head: header(gauge.name, 'gauge', gauge.help), lines: [] };
        facts.set(gauge.name, family);
      }
      family.lines.push(`${gauge.name}{${labels}} ${numberText(value)}\n`);
    }
    return leftOut;
  }

  #labelsOf(spec: MonitorSpec): string {
    const known = this.#labels.get(spec);
    if (known !== undefined) return known;
    const text = labelText(labelsOf(spec));
    this.#labels.set(spec, text);
    return text;
  }
}

async function encode(families: readonly Family[], slices: Slices): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  let text = '';
  for (const { head, lines } of families) {
    if (lines.length === 0) continue;
    text += head;
    for (const line of lines) {
      text += line;
      if (text.length < FLUSH_CHARS) continue;
      pieces.push(Buffer.from(text));
      text = '';
      await slices.pause();
    }
  }
  pieces.push(Buffer.from(text));
  return pieces;
}
