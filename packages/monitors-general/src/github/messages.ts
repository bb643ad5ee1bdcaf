/** The `github` messages on `raw_data`, byte for byte as PANIC's GitHub transformer takes them. */
import { epochSeconds, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { Release } from './releases.js';

export function githubResult(
  monitor: MonitorIdentity,
  repo: string,
  nowMs: number,
  releases: readonly Release[],
): OutgoingMessage {
  const data = Object.fromEntries(
    releases.map(({ name, tag }, index) => [String(index), { release_name: name, tag_name: tag }]),
  );
  return { routingKey: 'github', body: { result: { meta_data: metaData(monitor, repo, nowMs), data } } };
}

export function githubError(
  monitor: MonitorIdentity,
  repo: string,
  nowMs: number,
  failure: ReportedFailure,
): OutgoingMessage {
  const { message, code } = failure;
  const error = { meta_data: metaData(monitor, repo, nowMs), message, code };
  return { routingKey: 'github', body: { error } };
}

/** Consumers know the repository with a slash at its end. */
function metaData(monitor: MonitorIdentity, repo: string, nowMs: number): WireObject {
  return {
    monitor_name: monitor.componentName,
    repo_name: `${repo}/`,
    repo_id: monitor.configId,
    repo_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
  };
}
