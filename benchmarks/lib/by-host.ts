/** One measurement for each host, in one run: what a host cannot do becomes a row that says so. */
import { refusalOf, type HostCase } from './hosts.js';
import type { Lab } from './lab.js';
import { unmeasuredRow, type MeasuredRow, type RowLabel } from './rows.js';

export interface HostTurn {
  readonly host: HostCase;
  /** For this host, milliseconds: an even share of what is left of the bench's time. */
  readonly budgetMs: number;
}

/**
 * Those a bench goes through. In a run of all benches without the density between, which says nothing that the others
 * do not, and those that start slowest last: time may end before they do.
 */
export function hostsOf({ hosts, isWhole }: Pick<Lab, 'hosts' | 'isWhole'>): readonly HostCase[] {
  if (!isWhole) return hosts;
  return hosts.filter(({ name }) => name !== 'dense-10').sort((a, b) => b.most - a.most);
}

/**
 * `labels` are the rows a host owes at least one of: where its measurement rejects, or `n` is too many for it,
 * they say why.
 */
export async function byHost(
  lab: Lab,
  n: number,
  labels: (host: HostCase) => readonly RowLabel[],
  measure: (turn: HostTurn) => Promise<readonly MeasuredRow[]>,
  hosts: readonly HostCase[] = lab.hosts,
): Promise<MeasuredRow[]> {
  const rows: MeasuredRow[] = [];
  for (const [index, host] of hosts.entries()) {
    const refusal = refusalOf(host, n);
    if (refusal !== null) {
      rows.push(...labels(host).map((label) => unmeasuredRow(label, refusal)));
      continue;
    }
    try {
      rows.push(...(await measure({ host, budgetMs: lab.leftMs() / (hosts.length - index) })));
    } catch (error) {
      if (lab.isClosed) throw error;
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      rows.push(...labels(host).map((label) => unmeasuredRow(label, why)));
    }
  }
  return rows;
}
