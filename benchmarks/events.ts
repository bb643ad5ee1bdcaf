/**
 * What does it cost to tell what happens? 20 clients that hear of 200 events a second: the share of the main loop that
 * goes into it, less what the same events cost with nobody listening.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow } from './lib/rows.js';
import { median } from './lib/statistics.js';
import type { EventsArgs, EventsResult } from './measured/events.js';

const CLIENTS = 20;
const PER_SECOND = 200;

export const events: Bench = {
  name: 'events',
  question: 'main-loop cost of 20 clients that hear of 200 events a second',
  budgetS: 30,
  async run(lab) {
    const args: EventsArgs = {
      clients: CLIENTS,
      perSecond: PER_SECOND,
      windowMs: 1_000,
      windows: lab.isQuick ? 3 : 10,
    };
    const { alone, heard, missed } = await lab.measure<EventsResult>('events', args);
    const label = { bench: 'events', case: `${PER_SECOND} events/s`, host: 'none', n: CLIENTS } as const;
    const above = heard.map((value) => value - median(alone));
    return [
      measuredRow({ ...label, metric: 'fan_out', unit: '%' }, above),
      measuredRow({ ...label, metric: 'alone', unit: '%' }, alone),
      measuredRow({ ...label, metric: 'missed', unit: 'count' }, [missed]),
    ];
  },
};
