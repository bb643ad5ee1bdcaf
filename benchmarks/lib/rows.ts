/** One measured figure. Promise: `--json` prints these nine keys and nothing else. */
import { median, p99 } from './statistics.js';

export interface Row {
  readonly bench: string;
  readonly case: string;
  /** Where the monitors ran: `thread`, or `none` where no worker takes part. */
  readonly host: string;
  /** Monitors (or configs) at a time. */
  readonly n: number;
  readonly metric: string;
  readonly unit: 'ms' | 'MB' | '%' | 'count';
  /** Median of the samples, or what `metric` names. */
  readonly value: number;
  /** The same figure of the least that could do it, measured in the same run; null where there is none. */
  readonly floor: number | null;
  /** `value / floor`. */
  readonly ratio: number | null;
}

/** As it is kept. */
export interface MeasuredRow extends Row {
  readonly samples: number;
  readonly min: number;
  readonly p99: number;
}

export type RowLabel = Pick<Row, 'bench' | 'case' | 'host' | 'n' | 'metric' | 'unit'>;

/** The median of `samples`, beside the median of `floors` if there are any. */
export function measuredRow(
  label: RowLabel,
  samples: readonly number[],
  floors: readonly number[] = [],
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
  };
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
