/** A node exporter's page of this process, for a bench without a file of monitorables. Loopback only. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const PLAIN = {
  process_cpu_seconds_total: 12.5,
  go_memstats_alloc_bytes: 2_000_000,
  go_memstats_alloc_bytes_total: 90_000_000,
  process_virtual_memory_bytes: 120_000_000,
  process_max_fds: 1_024,
  process_open_fds: 12,
  node_memory_MemTotal_bytes: 8_000_000_000,
  node_memory_MemAvailable_bytes: 6_000_000_000,
};
const LABELLED = [
  'node_cpu_seconds_total{cpu="0",mode="idle"} 900',
  'node_cpu_seconds_total{cpu="0",mode="user"} 100',
  'node_filesystem_avail_bytes{mountpoint="/"} 5e9',
  'node_filesystem_size_bytes{mountpoint="/"} 9e9',
  'node_network_receive_bytes_total{device="eth0"} 1000',
  'node_network_transmit_bytes_total{device="eth0"} 2000',
  'node_disk_io_time_seconds_total{device="sda"} 30',
];
/** A real page has some 1,500 lines, most of them of no use to a monitor. */
const OTHER_LINES = 1_500;

export interface LocalPage {
  readonly url: string;
  close(): void;
}

export async function serveLocalPage(): Promise<LocalPage> {
  const others = Array.from(
    { length: OTHER_LINES },
    (_none, index) => `node_other_seconds_total{unit="${index}"} ${index * 17}`,
  );
  const plain = Object.entries(PLAIN).map(([name, value]) => `${name} ${value}`);
  const page = `${[...others, ...plain, ...LABELLED].join('\n')}\n`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(page);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/metrics`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
