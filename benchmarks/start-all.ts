/**
 * How soon are all monitors up after a start, and how many connections a second does the broker see meanwhile?
 * Time runs from the wanted set to the last monitor running, linked (a live confirmed channel) and through its
 * first round. The broker's own list says when each connection was opened: `opens_max` is its busiest second.
 *
 * The supervisor opens 80 connections a second at most, to stay below 100, and starts 320 a second that open none.
 * Floor, of `thread` only and not in a run of all benches, for want of time: as many bare threads with amqplib and a
 * connection, at the same pace.
 */
import type { Bench } from './lib/bench.js';
import { byHost } from './lib/by-host.js';
import type { HostCase } from './lib/hosts.js';
import { measuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import type { StartAllArgs, StartAllResult } from './measured/start-all.js';

const COUNT = 1_000;

export const startAll: Bench = {
  name: 'start-all',
  question: '1,000 monitors up, by host; connection opens per second as the broker sees them',
  budgetS: 150,
  async run(lab) {
    const given = lab.numbers?.at(-1) ?? (lab.isQuick ? 5 : COUNT);
    // Where a host takes fewer, it is measured with as many as it takes.
    const countOf = (host: HostCase): number => Math.min(given, host.most);
    const label = (host: HostCase, metric: string, unit: RowLabel['unit']): RowLabel => {
      return { bench: 'start-all', case: 'system', host: host.name, n: countOf(host), metric, unit };
    };
    return byHost(
      lab,
      1,
      (host) => [label(host, 'running', 'ms')],
      async ({ host }) => {
        const args = { ...(await lab.surroundings()), host: host.name, n: countOf(host) };
        const measure = (isFloor: boolean): Promise<StartAllResult> =>
          lab.measure<StartAllResult>('start-all', { ...args, isFloor } satisfies StartAllArgs);
        const result = await measure(false);
        const floors = host.name === 'thread' && !lab.isWhole ? [await measure(true)] : [];
        const note = countOf(host) < given ? `${given} not tried: ${host.why}` : undefined;
        const row = (metric: string, of: (result: StartAllResult) => number, why?: string): MeasuredRow =>
          measuredRow(label(host, metric, 'ms'), [of(result)], floors.map(of), why);
        return [
          row('running', ({ running }) => running, note),
          row('connected', ({ connected }) => connected),
          row('first_round', ({ firstRound }) => firstRound),
          measuredRow(label(host, 'connections', 'count'), [result.connections]),
          measuredRow(label(host, 'opens_max', '1/s'), [result.opensPerSecond]),
        ];
      },
      // A start cannot be cut short: those that share threads first, for the others take all the time there is.
      [...lab.hosts].sort((a, b) => b.most - a.most),
    );
  },
};
