/** What people read about kind `system`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const systemDocs: KindDocs = {
  reads: ['GET `exporterUrl`: the metrics of a Prometheus node exporter'],
  publishes: [{ routingKey: 'system', what: 'each round: load and use of the machine, or an error' }],
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
