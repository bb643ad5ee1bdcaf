/** How late the main loop turns, since the last look. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
export const LAG_QUANTILES = [0.5, 0.99, 1] as const;

export class LoopLag {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** Seconds by quantile, the timer's own period not counted. */
  take(): readonly (readonly [quantile: number, seconds: number])[] {
    const lags = LAG_QUANTILES.map((quantile) => {
      const nanoseconds = quantile === 1 ? this.#histogram.max : this.#histogram.percentile(quantile * 100);
      const seconds = this.#histogram.count === 0 ? 0 : nanoseconds / 1e9 - RESOLUTION_MS / 1e3;
      return [quantile, Math.max(0, seconds)] as const;
    });
    this.#histogram.reset();
    return lags;
  }

  stop(): void {
    this.#histogram.disable();
  }
}
