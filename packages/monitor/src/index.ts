export {
  defineMonitor,
  isMonitorDefinition,
  type MonitorContext,
  type MonitorDefinition,
  type MonitorIdentity,
  type OutgoingMessage,
  type RoundResult,
} from './define-monitor.js';
export { closeHttp, httpRequest, type HttpRequest, type HttpResponse } from './sources/http.js';
export { parsePrometheusText, type ParsedMetrics, type Sample } from './sources/prometheus-text.js';
