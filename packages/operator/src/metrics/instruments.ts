/**
 * Metrics that carry no monitor's name: what they are called and what they say. Promise: their labels are words of
 * fixed lists, kinds, and codes, so their number does not grow with the fleet.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const ROUND_SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const LATE_SECONDS = [0.01, 0.1, 1, 5, 30, 120];

/** A registry of its own: several managers may live in one process. */
export function instruments() {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]): Gauge<T> =>
    new Gauge({ name: `vedette_${name}`, help, labelNames, registers });
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]): Counter<T> =>
    new Counter({ name: `vedette_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]): Histogram<'kind'> =>
    new Histogram({ name: `vedette_${name}`, help, labelNames: ['kind'], buckets, registers });
  return {
    registry,
    info: gauge('info', 'always 1', 'version', 'node'),
    managerState: gauge('manager_state', '1 for the state the manager is in', 'state'),
    ready: gauge('ready', '1 if /-/ready answers 200'),
    monitors: gauge('monitors', 'monitors by kind, state and health', 'kind', 'state', 'health'),
    starts: counter('starts_total', 'workers started', 'kind'),
    restarts: counter('restarts_total', 'workers started after another of the same monitor', 'kind', 'cause'),
    hangs: counter('hangs_total', 'workers found standing still', 'kind', 'cause'),
    forced: counter('forced_stops_total', 'workers that did not end when asked', 'step'),
    rounds: counter('rounds_total', 'rounds ended', 'kind', 'outcome'),
    reported: counter('reported_errors_total', 'rounds that published an error', 'kind'),
    duration: histogram('round_duration_seconds', 'how long rounds take', ROUND_SECONDS),
    lateness: histogram(
      'round_lateness_seconds',
      'how late rounds begin, against the one before',
      LATE_SECONDS,
    ),
    publishes: counter(
      'publishes_total',
      'messages by how their publish ended; an embedded broker counts all as of the manager too',
      'from',
      'outcome',
    ),
    replaced: counter(
      'replaced_messages_total',
      'messages replaced by newer ones while a link was down',
      'from',
    ),
    brokerLink: gauge('broker_link', "1 for the word of the manager's own link to the broker", 'link'),
    links: gauge(
      'monitor_links',
      "running monitors by the word of their worker's link to the broker",
      'link',
    ),
    configs: counter('configs_total', 'config messages and files', 'verdict'),
    refusals: counter('refusals_total', 'refused entries and messages of config', 'code'),
    applied: gauge('config_last_applied_timestamp_seconds', 'when config was last applied, Unix time'),
    refused: gauge('config_last_refused_timestamp_seconds', 'when config was last refused, Unix time'),
    pings: counter('pings_total', "answers to pings of PANIC's health checker"),
    monitorables: counter('monitorables_total', 'monitorables messages confirmed by the broker'),
    workers: gauge('workers', 'running workers by kind of host', 'host'),
    heap: gauge('worker_heap_bytes', 'heap of all workers of a kind of host', 'host'),
    external: gauge(
      'worker_external_bytes',
      'memory of all workers of a kind of host outside the heap',
      'host',
    ),
    processes: gauge('worker_processes', 'child processes workers run in; of cells: how many cells', 'host'),
    resident: gauge('worker_processes_resident_bytes', 'resident memory of these processes (Linux)', 'host'),
    lag: gauge(
      'event_loop_lag_seconds',
      'how late the main loop turns, since the scrape before',
      'statistic',
    ),
    leftOut: gauge('facts_left_out', 'facts of the last rounds that are no gauges: badly named, or too many'),
    requests: counter('http_requests_total', 'answers of this server', 'route', 'status'),
    clients: gauge('event_clients', 'clients that listen to events'),
    dropped: counter('event_clients_dropped_total', 'clients of events that were dropped', 'reason'),
    residentSelf: new Gauge({ name: 'process_resident_memory_bytes', help: 'resident memory', registers }),
    heapSelf: new Gauge({
      name: 'nodejs_heap_size_used_bytes',
      help: 'heap in use by the main thread',
      registers,
    }),
    cpuSelf: new Counter({
      name: 'process_cpu_seconds_total',
      help: 'processor time, threads included',
      registers,
    }),
    startSelf: new Gauge({
      name: 'process_start_time_seconds',
      help: 'start of the process, Unix time',
      registers,
    }),
  };
}

export type Instruments = ReturnType<typeof instruments>;
