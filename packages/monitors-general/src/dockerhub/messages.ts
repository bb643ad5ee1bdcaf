/** The `dockerhub` messages on `raw_data`, byte for byte as PANIC's DockerHub transformer takes them. */
import { epochSeconds, real, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { DockerhubSettings } from './settings.js';
import type { Tag } from './tags.js';

export function dockerhubResult(
  monitor: MonitorIdentity,
  settings: DockerhubSettings,
  nowMs: number,
  tags: readonly Tag[],
): OutgoingMessage {
  const data = Object.fromEntries(
    tags.map(({ name, lastUpdated }, index) => [
      String(index),
      { tag_name: name, last_updated: real(lastUpdated) },
    ]),
  );
  const result = { meta_data: metaData(monitor, settings, nowMs), data };
  return { routingKey: 'dockerhub', body: { result } };
}

export function dockerhubError(
  monitor: MonitorIdentity,
  settings: DockerhubSettings,
  nowMs: number,
  failure: ReportedFailure,
): OutgoingMessage {
  const { message, code } = failure;
  const error = { meta_data: metaData(monitor, settings, nowMs), message, code };
  return { routingKey: 'dockerhub', body: { error } };
}

function metaData(monitor: MonitorIdentity, settings: DockerhubSettings, nowMs: number): WireObject {
  return {
    monitor_name: monitor.componentName,
    repo_namespace: settings.namespace,
    repo_name: settings.name,
    repo_id: monitor.configId,
    repo_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
  };
}
