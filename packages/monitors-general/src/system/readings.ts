/** What a node exporter's page says of a host. Pure; the formulas are panic-monitors-contract 6.2's. */
import {
  metricProblem,
  requireFinite,
  requireLabelled,
  requirePlain,
  type MetricsPage,
  type Sample,
} from '@vedette/monitor';
import { roundTwo } from './round-two.js';

/** In the order in which a missing one is reported: the first of this list. All are strict. */
const METRICS = [
  ['process_cpu_seconds_total', 'plain'],
  ['go_memstats_alloc_bytes', 'plain'],
  ['go_memstats_alloc_bytes_total', 'plain'],
  ['process_virtual_memory_bytes', 'plain'],
  ['process_max_fds', 'plain'],
  ['process_open_fds', 'plain'],
  ['node_cpu_seconds_total', 'labelled'],
  ['node_filesystem_avail_bytes', 'labelled'],
  ['node_filesystem_size_bytes', 'labelled'],
  ['node_memory_MemTotal_bytes', 'plain'],
  ['node_memory_MemAvailable_bytes', 'plain'],
  ['node_network_receive_bytes_total', 'labelled'],
  ['node_network_transmit_bytes_total', 'labelled'],
  ['node_disk_io_time_seconds_total', 'labelled'],
] as const;

export const SYSTEM_METRICS: ReadonlySet<string> = new Set(METRICS.map(([name]) => name));

/** The ten values of a `system` result, under their wire names. */
export interface SystemReadings {
  /** The exporter's own process, seconds. */
  readonly process_cpu_seconds_total: number;
  /** Percent: live bytes of all bytes ever allocated by the exporter. */
  readonly process_memory_usage: number;
  /** Bytes, the exporter's process. */
  readonly virtual_memory_usage: number;
  /** Percent of the exporter's limit, not rounded. */
  readonly open_file_descriptors: number;
  /** Percent since boot. */
  readonly system_cpu_usage: number;
  readonly system_ram_usage: number;
  /** Percent over all mounts. */
  readonly system_storage_usage: number;
  readonly network_receive_bytes_total: number;
  readonly network_transmit_bytes_total: number;
  readonly disk_io_time_seconds_total: number;
}

/** Throws SOURCE_METRIC_MISSING naming the first metric that is absent, of the wrong form or unusable. */
export function readSystem(page: MetricsPage): SystemReadings {
  for (const [name, form] of METRICS) {
    if (form === 'plain') requirePlain(page, name);
    else for (const sample of requireLabelled(page, name)) requireFinite(page, name, sample.value);
  }
  const plain = (name: string): number => requirePlain(page, name);
  const total = (name: string): number => sum(requireLabelled(page, name));
  /** PANIC divides and goes silent at zero; here the operator is told which metric it was. */
  const divisor = (name: string, value: number): number => {
    if (value === 0) throw metricProblem(page, name, 'is zero, so no share can be computed');
    return value;
  };

  const cpu = requireLabelled(page, 'node_cpu_seconds_total');
  if (cpu.some((sample) => sample.labels['mode'] === undefined)) {
    throw metricProblem(page, 'node_cpu_seconds_total', 'lacks its mode label');
  }
  const idle = sum(cpu.filter((sample) => sample.labels['mode'] === 'idle'));
  const allocated = divisor('go_memstats_alloc_bytes_total', plain('go_memstats_alloc_bytes_total'));
  const maxFds = divisor('process_max_fds', plain('process_max_fds'));
  const cpuTotal = divisor('node_cpu_seconds_total', sum(cpu));
  const memory = divisor('node_memory_MemTotal_bytes', plain('node_memory_MemTotal_bytes'));
  const storage = divisor('node_filesystem_size_bytes', total('node_filesystem_size_bytes'));

  return {
    process_cpu_seconds_total: plain('process_cpu_seconds_total'),
    process_memory_usage: roundTwo((plain('go_memstats_alloc_bytes') / allocated) * 100),
    virtual_memory_usage: plain('process_virtual_memory_bytes'),
    open_file_descriptors: (plain('process_open_fds') / maxFds) * 100,
    system_cpu_usage: roundTwo(100 - (idle / cpuTotal) * 100),
    system_ram_usage: roundTwo(((memory - plain('node_memory_MemAvailable_bytes')) / memory) * 100),
    system_storage_usage: roundTwo(100 - (total('node_filesystem_avail_bytes') / storage) * 100),
    network_receive_bytes_total: total('node_network_receive_bytes_total'),
    network_transmit_bytes_total: total('node_network_transmit_bytes_total'),
    disk_io_time_seconds_total: total('node_disk_io_time_seconds_total'),
  };
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, sample) => total + sample.value, 0);
}
