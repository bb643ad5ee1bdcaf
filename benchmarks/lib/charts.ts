/** Which charts a result has: one for each figure that answers its bench's question. Pure. */
import { barChart, lineChart, type Bar, type Series } from './chart.js';
import type { Result } from './results.js';
import type { MeasuredRow } from './rows.js';

export interface Chart {
  /** Name of its file, without a folder. */
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** Others are shown by their first metric. */
const HEADLINES: Readonly<Record<string, readonly string[]>> = {
  ready: ['first_data'],
  memory: ['rss'],
  'memory-hosts': ['private', 'rss', 'broker'],
  'start-all': ['first_round', 'opens_max'],
  recover: ['running'],
  reconcile: ['applied'],
  latency: ['lateness_p99', 'cpu'],
  isolation: ['neighbour_lateness_p99', 'neighbour_gap_max'],
  publish: ['confirmed'],
  capacity: ['monitors'],
  baselines: ['private', 'lateness_p99'],
};

export function chartsOf({ bench, rows }: Result): Chart[] {
  const metrics = HEADLINES[bench] ?? [...new Set(rows.map(({ metric }) => metric))].slice(0, 1);
  return metrics.flatMap((metric) => {
    const meant = rows.filter((row) => row.metric === metric);
    const unit = meant[0]?.unit;
    if (unit === undefined || meant.every(({ value }) => value === null)) return [];
    const title = `${bench}: ${metric.replaceAll('_', ' ')}`;
    const words = unit === 'count' ? '' : unit;
    const name = namerOf(meant);
    const svg = isAgainstN(meant)
      ? lineChart(title, words, 'monitors', seriesOf(meant, name))
      : barChart(
          title,
          words,
          meant.map((row) => barOf(row, name)),
        );
    return [{ file: `${bench}-${metric.replaceAll('_', '-')}.svg`, title, svg }];
  });
}

/** The same case and host at several numbers. */
function isAgainstN(rows: readonly MeasuredRow[]): boolean {
  const numbers = new Map<string, Set<number>>();
  for (const row of rows) {
    const key = `${row.case} ${row.host}`;
    if (row.value !== null) numbers.set(key, (numbers.get(key) ?? new Set()).add(row.n));
  }
  return [...numbers.values()].some(({ size }) => size > 1);
}

function seriesOf(rows: readonly MeasuredRow[], nameOf: Namer): Series[] {
  const points = new Map<string, [number, number][]>();
  for (const row of rows) {
    if (row.value === null) continue;
    points.set(nameOf(row), [...(points.get(nameOf(row)) ?? []), [row.n, row.value]]);
  }
  return [...points].map(([label, unsorted]) => ({ label, points: unsorted.sort(([a], [b]) => a - b) }));
}

function barOf(row: MeasuredRow, nameOf: Namer): Bar {
  const { value, floor, note } = row;
  return { label: nameOf(row), value, floor, ...(note === undefined ? {} : { note }) };
}

type Namer = (row: MeasuredRow) => string;

/** What all rows have in common tells none from another. */
function namerOf(rows: readonly MeasuredRow[]): Namer {
  const isOne = (of: (row: MeasuredRow) => string): boolean => new Set(rows.map(of)).size === 1;
  const [isOneHost, isOneCase] = [isOne(({ host }) => host), isOne((row) => row.case)];
  return ({ case: name, host }) => {
    if (isOneHost || host === 'none') return name;
    return isOneCase ? host : `${name} · ${host}`;
  };
}
