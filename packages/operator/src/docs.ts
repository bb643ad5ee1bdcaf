/** For those who write about the API and the metrics: docs and their tests. */
export { metricDocs, type MetricDoc } from './metrics/docs.js';
