/** All benches, in the order of a run of all. */
import type { Bench } from './lib/bench.js';
import { baselines } from './baselines.js';
import { capacity } from './capacity.js';
import { catchUp } from './catch-up.js';
import { contracts } from './contracts.js';
import { dashboard } from './dashboard.js';
import { events } from './events.js';
import { isolation } from './isolation.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import { memoryHosts } from './memory-hosts.js';
import { metrics } from './metrics.js';
import { publish } from './publish.js';
import { ready } from './ready.js';
import { reconcile } from './reconcile.js';
import { recover } from './recover.js';
import { scale } from './scale.js';
import { startAll } from './start-all.js';
import { throughput } from './throughput.js';
import { vitals } from './vitals.js';

export const BENCHES: readonly Bench[] = [
  ready,
  memory,
  memoryHosts,
  startAll,
  recover,
  reconcile,
  latency,
  isolation,
  publish,
  throughput,
  capacity,
  scale,
  baselines,
  vitals,
  catchUp,
  contracts,
  metrics,
  events,
  dashboard,
];
