/** Prometheus text format, tolerant per line, names filtered before labels are parsed. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedMetrics {
  /** Samples by metric name, in document order. Counters carry `_total` (see panic-monitors-contract 2.3). */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Lines that could not be read; they were skipped. */
  readonly badLines: number;
  /** Lines that held a sample, wanted or not. 0 with badLines > 0 means this is no metrics page. */
  readonly sampleLines: number;
}

/** `wanted`: names after counter renaming; only these are kept. Undefined keeps all. */
export function parsePrometheusText(_text: string, _wanted?: ReadonlySet<string>): ParsedMetrics {
  throw new Error('being written');
}
