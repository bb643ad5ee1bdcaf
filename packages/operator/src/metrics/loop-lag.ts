/** How late the main loop turns, since the last look. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
/** Percentile of the delays, by the word of the label. */
const STATISTICS = [
  ['p50', 50],
  ['p99', 99],
  ['max', 100],
] as const;

export class LoopLag {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** Seconds by statistic, the timer's own period not counted. */
  take(): readonly (readonly [statistic: string, seconds: number])[] {
    const lags = STATISTICS.map(([statistic, percentile]) => {
      const seconds = this.#histogram.percentile(percentile) / 1e9 - RESOLUTION_MS / 1e3;
      return [statistic, this.#histogram.count === 0 ? 0 : Math.max(0, seconds)] as const;
    });
    this.#histogram.reset();
    return lags;
  }

  stop(): void {
    this.#histogram.disable();
  }
}
