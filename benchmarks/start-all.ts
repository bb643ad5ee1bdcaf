/**
 * How soon are all monitors up after a start, and how many connections a second does the broker see meanwhile?
 * Time runs from the wanted set to the last monitor running, linked (a live confirmed channel) and through its
 * first round. The broker's own list says when each connection was opened: `opens_max` is its busiest second.
 *
 * Floor: none but the pace; the supervisor opens 80 connections a second at most, to stay below 100,
 * and starts 320 a second that open none.
 */
import type { Bench } from './lib/bench.js';
import { byHost } from './lib/by-host.js';
import type { HostCase } from './lib/hosts.js';
import { measuredRow, type RowLabel } from './lib/rows.js';
import type { StartAllArgs, StartAllResult } from './measured/start-all.js';

const COUNT = 1_000;

export const startAll: Bench = {
  name: 'start-all',
  question: '1,000 monitors up, by host; connection opens per second as the broker sees them',
  budgetS: 130,
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
        const args: StartAllArgs = { ...(await lab.surroundings()), host: host.name, n: countOf(host) };
        const result = await lab.measure<StartAllResult>('start-all', args);
        const note = countOf(host) < given ? `${given} not tried: ${host.why}` : undefined;
        return [
          measuredRow(label(host, 'running', 'ms'), [result.running], [], note),
          measuredRow(label(host, 'connected', 'ms'), [result.connected]),
          measuredRow(label(host, 'first_round', 'ms'), [result.firstRound]),
          measuredRow(label(host, 'connections', 'count'), [result.connections]),
          measuredRow(label(host, 'opens_max', '1/s'), [result.opensPerSecond]),
        ];
      },
      // A start cannot be cut short: those that share threads first, for the others take all the time there is.
      [...lab.hosts].sort((a, b) => b.most - a.most),
    );
  },
};
