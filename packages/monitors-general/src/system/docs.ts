/** What people read about kind `system`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const systemDocs: KindDocs = {
  reads: ['GET `exporterUrl`: the metrics of a Prometheus node exporter'],
  publishes: [{ routingKey: 'system', what: 'each round: load and use of the machine, or an error' }],
  facts: {
    cpu_percent: 'processor use since the round before',
    ram_percent: 'memory in use',
    storage_percent: 'use of the fullest file system',
    open_fds_percent: 'file descriptors of the exporter in use',
    process_memory_percent: 'memory of the exporter',
    process_cpu_seconds: 'processor time of the exporter since its start',
    virtual_memory_bytes: 'virtual memory of the exporter',
    network_receive_bytes: 'received since boot, over all interfaces',
    network_transmit_bytes: 'sent since boot, over all interfaces',
    disk_io_seconds: 'time spent on disks since boot',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5003, when: 'a metric is missing, wrongly labelled or not finite, or the page holds no metrics' },
    { code: 5004, when: 'the exporter cannot be reached or gives no full answer within 10 s' },
    { code: 5005, when: 'the answer broke off' },
    { code: 5009, when: 'the URL cannot be used or leads elsewhere' },
  ],
  differs: [
    'A page that is no metrics page is error 5003; PANIC crashes and restarts every 10 s.',
    'An answer has one deadline in all; a server that drips bytes holds PANIC for ever.',
    'Two results never carry the same `time`, by which a consumer divides.',
  ],
};
