/** What stands in docs/metrics.md: every metric but the facts, which docs/kinds.md lists. */
import { instruments } from './instruments.js';
import { MONITOR_VALUES } from './monitor-values.js';

/** One metric as `docs/metrics.md` shows it. */
export interface MetricDoc {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** All metrics there are, in the order of the page. */
export function metricDocs(): {
  readonly manager: readonly MetricDoc[];
  readonly monitors: readonly MetricDoc[];
} {
  const manager = instruments()
    .registry.getMetricsAsArray()
    .map((metric) => {
      const { labelNames = [], type } = metric as unknown as { labelNames?: string[]; type: string };
      return { name: metric.name, type, labels: labelNames, help: metric.help };
    });
  const labels = ['monitor', 'name', 'chain'];
  return { manager, monitors: MONITOR_VALUES.map(({ name, type, help }) => ({ name, type, labels, help })) };
}
