/** Pool hosts whose monitors are the fixture, told of their attempt. Promise: `endPools` leaves no thread. */
import type { MonitorSpec, StartData } from '@vedette/contract';
import { eventually } from '../../../../test/support/eventually.js';
import { POOL_ENTRY } from '../../../../test/support/worker-entry.js';
import type { Host } from '../../src/hosts/host.js';
import { PoolHost, type PoolHostOptions } from '../../src/hosts/pool/pool-host.js';

const MONITOR = new URL('../fixtures/pool-monitor.mjs', import.meta.url).href;
const NO_MONITOR = 'data:text/javascript,export const nothing = 1';
const hosts: PoolHost[] = [];

export interface PoolUnderTest extends Host {
  readonly pool: PoolHost;
}

export function aPool(options: Partial<PoolHostOptions> = {}): PoolUnderTest {
  const pool = new PoolHost({ entry: POOL_ENTRY, threads: 4, heapMb: 48, externalMb: 24, ...options });
  hosts.push(pool);
  return { pool, spawn: (start) => pool.spawn(withFixture(start)) };
}

export async function endPools(): Promise<void> {
  for (const host of hosts) host.close();
  await eventually(() => hosts.every(({ threads }) => threads === 0), { what: 'the end of all threads' });
  hosts.length = 0;
}

function withFixture(start: StartData): StartData {
  const { spec, attempt } = start;
  const isBroken = spec.settings['does'] === 'reports-permanent-failure';
  const changed: MonitorSpec = {
    ...spec,
    module: isBroken ? NO_MONITOR : MONITOR,
    settings: { ...spec.settings, attempt },
  };
  return { ...start, spec: changed };
}
