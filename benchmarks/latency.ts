/**
 * How late do rounds begin when many are due? Each monitor, every second: one GET of a local page, one number,
 * one confirmed message. It tells when its rounds began; lateness is measured against its own fixed grid, and a
 * round that was left out is late until the next.
 *
 * Floor: the same rounds by plain timers in one process over one connection.
 */
import type { Bench } from './lib/bench.js';
import { byHost, hostsOf } from './lib/by-host.js';
import type { HostCase } from './lib/hosts.js';
import { measuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import type { LatencyArgs, LatencyResult } from './measured/latency.js';

const COUNT = 200;
const PERIOD_MS = 1_000;
const WINDOW_MS = 10_000;
const WHOLE_MS = 6_000;

const METRICS = [
  ['lateness_p50', 'ms', 'p50'],
  ['lateness_p99', 'ms', 'p99'],
  ['cpu', '%', 'cpu'],
  ['failed_rounds', 'count', 'failedRounds'],
] as const;

export const latency: Bench = {
  name: 'latency',
  question: 'how late rounds begin with 200 a second, by host',
  budgetS: 120,
  async run(lab) {
    const n = lab.numbers?.at(-1) ?? (lab.isQuick ? 4 : COUNT);
    const args: Omit<LatencyArgs, 'host'> = {
      ...(await lab.surroundings()),
      n,
      periodMs: PERIOD_MS,
      windowMs: lab.isQuick ? 2_000 : lab.isWhole ? WHOLE_MS : WINDOW_MS,
    };
    const floor = await lab.measure<LatencyResult>('bare-rounds', args);
    const label = (host: string, metric: string, unit: RowLabel['unit'], name = 'probe'): RowLabel => {
      return { bench: 'latency', case: name, host, n, metric, unit };
    };
    const rowsOf = (host: string, result: LatencyResult, beside: LatencyResult | null): MeasuredRow[] =>
      METRICS.map(([metric, unit, from]) =>
        measuredRow(
          label(host, metric, unit, beside === null ? 'bare timers' : 'probe'),
          [result[from]],
          beside === null ? [] : [beside[from]],
        ),
      );
    return [
      ...rowsOf('none', floor, null),
      ...(await byHost(
        lab,
        n,
        (host: HostCase) => [label(host.name, 'lateness_p99', 'ms')],
        async ({ host }) =>
          rowsOf(host.name, await lab.measure<LatencyResult>('latency', { ...args, host: host.name }), floor),
        hostsOf(lab),
      )),
    ];
  },
};
