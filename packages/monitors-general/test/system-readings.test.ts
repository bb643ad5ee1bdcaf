import { parsePrometheusText, type MetricsPage } from '@vedette/monitor';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { readSystem, SYSTEM_METRICS } from '../src/system/readings.js';
import { roundTwo } from '../src/system/round-two.js';

const PAGE = readFileSync(new URL('./fixtures/node-exporter.txt', import.meta.url), 'utf8');
const URL_TEXT = 'http://127.0.0.1:9100/metrics';

function page(text: string): MetricsPage {
  return { url: URL_TEXT, metrics: parsePrometheusText(text, SYSTEM_METRICS) };
}

/** The page with the lines of one metric replaced; '' takes it out. */
function withMetric(name: string, lines: string): MetricsPage {
  const others = PAGE.split('\n').filter((line) => !new RegExp(`^${name}[ {]`).test(line));
  return page(`${others.join('\n')}\n${lines}\n`);
}

describe('readings of a node exporter page', () => {
  it('are the ten values of the contract', () => {
    expect(readSystem(page(PAGE))).to.deep.equal({
      process_cpu_seconds_total: 512.25,
      process_memory_usage: 0.02,
      virtual_memory_usage: 734003200,
      open_file_descriptors: 1.171875,
      system_cpu_usage: 12.5,
      system_ram_usage: 61.27,
      system_storage_usage: 38.4,
      network_receive_bytes_total: 90123456789,
      network_transmit_bytes_total: 45678901234,
      disk_io_time_seconds_total: 8123.5,
    });
  });

  for (const name of SYSTEM_METRICS) {
    it(`refuse a page without ${name}, by its name and endpoint`, () => {
      expect(() => readSystem(withMetric(name, '')))
        .to.throw(`Metric ${name} was not found at ${URL_TEXT}`)
        .with.property('code', 'SOURCE_METRIC_MISSING');
    });
  }

  const UNUSABLE: readonly (readonly [when: string, name: string, lines: string, problem: string])[] = [
    [
      'a labelled metric has no labels',
      'node_cpu_seconds_total',
      'node_cpu_seconds_total 5',
      'carries no labels',
    ],
    ['a plain metric has labels', 'process_max_fds', 'process_max_fds{a="b"} 5', 'carries labels'],
    ['a value is NaN', 'process_open_fds', 'process_open_fds NaN', 'is not a finite number'],
    [
      'one of several values is infinite',
      'node_network_receive_bytes_total',
      'node_network_receive_bytes_total{device="a"} 1\nnode_network_receive_bytes_total{device="b"} +Inf',
      'is not a finite number',
    ],
    [
      'a CPU sample lacks its mode',
      'node_cpu_seconds_total',
      'node_cpu_seconds_total{cpu="0"} 5',
      'lacks its mode',
    ],
    [
      'all allocated bytes are zero',
      'go_memstats_alloc_bytes_total',
      'go_memstats_alloc_bytes_total 0',
      'is zero',
    ],
    ['the file limit is zero', 'process_max_fds', 'process_max_fds 0', 'is zero'],
    [
      'all CPU seconds are zero',
      'node_cpu_seconds_total',
      'node_cpu_seconds_total{mode="idle"} 0',
      'is zero',
    ],
    ['all memory is zero', 'node_memory_MemTotal_bytes', 'node_memory_MemTotal_bytes 0', 'is zero'],
    ['all storage is zero', 'node_filesystem_size_bytes', 'node_filesystem_size_bytes{m="/"} 0', 'is zero'],
  ];
  for (const [when, name, lines, problem] of UNUSABLE) {
    it(`refuse a page when ${when}`, () => {
      expect(() => readSystem(withMetric(name, lines)))
        .to.throw(`Metric ${name} ${problem}`)
        .with.property('code', 'SOURCE_METRIC_MISSING');
    });
  }

  it('name the first of several missing metrics in the order of the list', () => {
    expect(() => readSystem(page('a 1\n'))).to.throw('Metric process_cpu_seconds_total was not found');
  });

  it('add repeated unlabelled samples and let a repeated label set overwrite, as PANIC does', () => {
    const twice = withMetric('process_open_fds', 'process_open_fds 10\nprocess_open_fds 2');
    expect(readSystem(twice).open_file_descriptors).to.equal(1.171875);
    const repeated = withMetric(
      'node_disk_io_time_seconds_total',
      'node_disk_io_time_seconds_total{device="a"} 1\nnode_disk_io_time_seconds_total{device="a"} 7.5',
    );
    expect(readSystem(repeated).disk_io_time_seconds_total).to.equal(7.5);
  });
});

describe('rounding to two decimals', () => {
  // The right column is what CPython prints for float('{:.2f}'.format(x)).
  const TABLE: readonly (readonly [value: number, rounded: number])[] = [
    [0.125, 0.12],
    [0.375, 0.38],
    [0.625, 0.62],
    [0.875, 0.88],
    [100.125, 100.12],
    [-0.125, -0.12],
    [-0.375, -0.38],
    [2.675, 2.67],
    [1.005, 1],
    [0.005, 0.01],
    [0.015, 0.01],
    [0.045, 0.04],
    [1e-9, 0],
    [-1e-9, -0],
    [12.5, 12.5],
    [61.27, 61.27],
    [99.995, 100],
    [33.333333333333336, 33.33],
    [123456789.125, 123456789.12],
    [4503599627370495.5, 4503599627370495.5],
    [0, 0],
    [100, 100],
  ];
  for (const [value, rounded] of TABLE) {
    it(`takes ${Object.is(value, -0) ? '-0' : value} to ${Object.is(rounded, -0) ? '-0' : rounded}`, () => {
      expect(Object.is(roundTwo(value), rounded), String(roundTwo(value))).to.equal(true);
    });
  }
});
