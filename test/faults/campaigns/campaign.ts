/** One campaign: a fault many times over or for long, and the figures it must reach. */
export interface CampaignOptions {
  /** Says on stderr how far it is. */
  readonly progress: (text: string) => void;
  /** Of the campaigns that draw lots; printed, so that a run can be repeated. */
  readonly seed: number;
  /** Length of the soak. */
  readonly minutes: number;
  /** Trials of the campaigns that count them; null for as many as the target names. */
  readonly trials: number | null;
}

export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly isMet: boolean;
}

export interface Campaign {
  readonly name: string;
  /** One line for people. */
  readonly question: string;
  run(options: CampaignOptions): Promise<readonly Figure[]>;
}

export function atMost(what: string, value: number, limit: number, unit = ''): Figure {
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
  return { what, measured: `${shown}${unit}`, target: `≤ ${limit}${unit}`, isMet: value <= limit };
}

export function exactly(what: string, value: number, wanted: number): Figure {
  return { what, measured: String(value), target: String(wanted), isMet: value === wanted };
}

/** A figure without a target. */
export function forInformation(what: string, measured: string): Figure {
  return { what, measured, target: '', isMet: true };
}

/** Small, fast and the same everywhere (mulberry32); in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Most of the instants that lie within any one second. */
export function mostInOneSecond(instants: readonly number[]): number {
  return Math.max(0, ...instants.map((at) => instants.filter((one) => one >= at && one < at + 1_000).length));
}
