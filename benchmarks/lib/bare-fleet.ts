/** The least there could be in the place of monitors: bare workers with amqplib and a live connection each. */
import type { MonitorSpec } from '@vedette/contract';
import { Supervisor, ThreadHost, type Host } from '@vedette/supervisor';
import { BareProcessHost } from './bare-process-host.js';
import { removeAll, type Surroundings } from './fleet.js';
import type { FloorName } from './hosts.js';
import { allUp, type ProbeFleet } from './probe-fleet.js';
import { brokerAddress } from './probe-spec.js';

/** Those that are workers of their own. */
export type BareWorkers = Exclude<FloorName, 'one bare process'>;

const NEVER_MS = 3_600_000;

export function bareFleet(
  { files, amqpUrl }: Surroundings,
  workers: BareWorkers,
): Pick<ProbeFleet, 'supervisor' | 'start' | 'end'> {
  const host: Host =
    workers === 'bare processes'
      ? new BareProcessHost(files.amqpProcess)
      : new ThreadHost({ entry: files.amqp });
  // Bare workers do not beat.
  const supervisor = new Supervisor({ host, broker: brokerAddress(amqpUrl), echo: true, beatMs: NEVER_MS });
  return {
    supervisor,
    /** Until each of the new ones has had its one message confirmed. */
    async start(specs: readonly MonitorSpec[]): Promise<number> {
      const began = performance.now();
      const up = allUp(supervisor, specs.length - supervisor.snapshot().length);
      supervisor.apply(specs);
      return (await up) - began;
    },
    async end(): Promise<void> {
      await removeAll(supervisor);
      await supervisor.stop();
    },
  };
}
