export {
  defineMonitor,
  isMonitorDefinition,
  type MonitorContext,
  type MonitorDefinition,
  type MonitorIdentity,
  type OutgoingMessage,
  type RoundResult,
} from './define-monitor.js';
export { PANIC_ERRORS, sourceFamilyOf, type ReportedFailure, type SourceFamily } from './reported-failure.js';
export { closeHttp, httpRequest, type HttpRequest, type HttpResponse } from './sources/http.js';
export { fetchJson, headerOf, jsonOf, type JsonPage } from './sources/json-page.js';
export {
  batchesOf,
  isRevert,
  JsonRpcSource,
  type RpcAnswer,
  type RpcCall,
  type RpcOptions,
} from './sources/json-rpc.js';
export { mapBounded } from './sources/map-bounded.js';
export {
  fetchMetrics,
  labelledSamples,
  metricProblem,
  plainValue,
  requireFinite,
  requireLabelled,
  requirePlain,
  type MetricsPage,
  type MetricsRequest,
} from './sources/metrics.js';
export { parsePrometheusText, type ParsedMetrics, type Sample } from './sources/prometheus-text.js';
