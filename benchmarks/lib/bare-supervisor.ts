/** The least there could be in the place of monitors: bare workers with amqplib and a live connection each. */
import { Supervisor, ThreadHost, type Host } from '@vedette/supervisor';
import { BareProcessHost } from './bare-process-host.js';
import { brokerAddress, type Surroundings } from './fleet.js';
import type { FloorName } from './hosts.js';

const NEVER_MS = 3_600_000;

export function bareSupervisor(
  { files, amqpUrl }: Surroundings,
  floor: Exclude<FloorName, 'one bare process'>,
): Supervisor {
  const host: Host =
    floor === 'bare processes'
      ? new BareProcessHost(files.amqpProcess)
      : new ThreadHost({ entry: files.amqp });
  // Bare workers do not beat.
  return new Supervisor({ host, broker: brokerAddress(amqpUrl), echo: true, beatMs: NEVER_MS });
}
