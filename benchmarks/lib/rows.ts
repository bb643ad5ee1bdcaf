/** One measured figure. Promise: `--json` prints these nine keys, and `note` where there is something to say. */
import { median, p99 } from './statistics.js';

export interface Row {
  readonly bench: string;
  readonly case: string;
  /** Where the monitors ran: a name of `hosts.ts`, or `none` where no worker takes part. */
  readonly host: string;
  /** Monitors (or configs) at a time. */
  readonly n: number;
  readonly metric: string;
  readonly unit: 'ms' | 'MB' | 'kB' | '%' | '1/s' | 'count';
  /** Median of the samples, or what `metric` names; null where it could not be measured, and `note` says why. */
  readonly value: number | null;
  /** The same figure of the least that could do it, measured in the same run; null where there is none. */
  readonly floor: number | null;
  /** `value / floor`. */
  readonly ratio: number | null;
  /** Why there is no value, or what bounds it. */
  readonly note?: string;
}

/** As it is kept. */
export interface MeasuredRow extends Row {
  readonly samples: number;
  readonly min: number | null;
  readonly p99: number | null;
}

export type RowLabel = Pick<Row, 'bench' | 'case' | 'host' | 'n' | 'metric' | 'unit'>;

/** The median of `samples`, beside the median of `floors` if there are any. */
export function measuredRow(
  label: RowLabel,
  samples: readonly number[],
  floors: readonly number[] = [],
  note?: string,
): MeasuredRow {
  const value = median(samples);
  const floor = floors.length === 0 ? null : median(floors);
  return {
    ...label,
    value: rounded(value),
    floor: floor === null ? null : rounded(floor),
    ratio: floor === null || floor <= 0 ? null : rounded(value / floor),
    samples: samples.length,
    min: rounded(Math.min(...samples)),
    p99: rounded(p99(samples)),
    ...(note === undefined ? {} : { note }),
  };
}

/** What a host cannot do, or what there was no time for, is said and fails nothing. */
export function unmeasuredRow(label: RowLabel, why: string): MeasuredRow {
  const note = `not measured: ${why}`;
  return { ...label, value: null, floor: null, ratio: null, samples: 0, min: null, p99: null, note };
}

export function plainRow(row: MeasuredRow): Row {
  const { samples: _samples, min: _min, p99: _p99, ...plain } = row;
  return plain;
}

/** Three digits of what counts; more would be noise. */
function rounded(value: number): number {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return Number(value.toFixed(digits));
}
