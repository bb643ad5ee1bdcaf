/** Exchanges, routing keys and payloads PANIC's components speak. Source: panic-manager-contract 1, 4, 5. */
import { real, type WireObject } from './wire-json.js';

/** Every exchange is topic, durable, without arguments. */
export const EXCHANGES = {
  config: 'config',
  healthCheck: 'health_check',
  monitorable: 'monitorable',
  rawData: 'raw_data',
  /** Ours: poison config messages, with the reason in headers. */
  parking: 'vedette_parking',
} as const;

export const ROUTING_KEYS = {
  ping: 'ping',
  managerHeartbeat: 'heartbeat.manager',
  workerHeartbeat: 'heartbeat.worker',
} as const;

/** Our own queues. */
export const QUEUES = {
  /** Holds what no manager could take, with the reason in headers. Durable; newest 10,000 kept. */
  parking: 'vedette_parking_queue',
  /** Pings for our own heartbeat; keeps the newest only, so a stall is answered once. */
  heartbeat: 'vedette_heartbeat_queue',
  /** Stand-alone only: makes results routable where no transformer runs. Newest 1,000 kept. */
  results: 'vedette_results_queue',
} as const;

/** Name under which the seventh heartbeat goes; PANIC stores and ignores it. */
export const MANAGER_NAME = 'Vedette Monitors Manager';

/** Epoch seconds with a fraction, always a real literal. */
export function epochSeconds(nowMs: number): ReturnType<typeof real> {
  return real(nowMs / 1000);
}

/** Exactly three keys, in this order. */
export function workerHeartbeat(componentName: string, nowMs: number): WireObject {
  return { component_name: componentName, is_alive: true, timestamp: epochSeconds(nowMs) };
}

/** Exactly four keys, in this order. */
export function managerHeartbeat(
  managerName: string,
  running: readonly string[],
  dead: readonly string[],
  nowMs: number,
): WireObject {
  return {
    component_name: managerName,
    running_processes: [...running],
    dead_processes: [...dead],
    timestamp: epochSeconds(nowMs),
  };
}
