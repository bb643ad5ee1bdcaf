/**
 * Draws lots for the sources: each is let alone for a while, then broken in some way for a while, then healed.
 * Promise: the same seed gives the same faults; `stop` heals all.
 */
import { seededRandom } from '../faults/campaigns/campaign.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

const WELL_MS = { least: 2_000, most: 20_000 };
const BROKEN_MS = { least: 500, most: 9_000 };

type Fault = (proxy: TcpProxy, random: number) => void;

const FAULTS: Readonly<Record<string, Fault>> = {
  cut: (proxy) => proxy.cut(),
  refuse: (proxy) => proxy.refuse(),
  'half-open': (proxy) => proxy.halfOpen(),
  delay: (proxy, random) => proxy.delay(50 + random * 3_000),
  throttle: (proxy, random) => proxy.throttle(500 + random * 20_000),
  'cut after': (proxy, random) => proxy.cutAfter(1 + Math.floor(random * 3)),
};
const NAMES = Object.keys(FAULTS);

export interface Faults {
  /** How often each was done so far. */
  readonly counts: ReadonlyMap<string, number>;
  stop(): void;
}

export function startFaults(proxies: ReadonlyMap<string, TcpProxy>, seed: number, pace = 1): Faults {
  const counts = new Map(NAMES.map((name) => [name, 0]));
  const timers = new Map<TcpProxy, NodeJS.Timeout>();
  [...proxies.values()].forEach((proxy, index) => {
    // Of its own: which timer comes first must not change what another source is given.
    const random = seededRandom(seed + index * 7_919);
    const within = ({ least, most }: typeof WELL_MS): number => (least + random() * (most - least)) * pace;
    const later = (act: () => void, ms: number): void => void timers.set(proxy, setTimeout(act, ms));
    const heal = (): void => {
      proxy.heal();
      later(harm, within(WELL_MS));
    };
    const harm = (): void => {
      const name = NAMES[Math.floor(random() * NAMES.length)] ?? 'cut';
      FAULTS[name]?.(proxy, random());
      counts.set(name, (counts.get(name) ?? 0) + 1);
      later(heal, within(BROKEN_MS));
    };
    later(harm, within(WELL_MS));
  });
  return {
    counts,
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const proxy of proxies.values()) proxy.heal();
    },
  };
}
