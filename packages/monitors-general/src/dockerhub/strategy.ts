/** Kind `dockerhub`: the tags of a repository on Docker Hub. Starts nothing, loads no monitor. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineStrategy, isSwitchOff, type MonitorStrategy } from '@vedette/contract/strategy';
import { dockerhubDocs } from './docs.js';
import { dockerhubEntry, dockerhubSettings, TAGS_TEMPLATE, type DockerhubSettings } from './settings.js';

/** Kind `dockerhub`. */
export const dockerhubStrategy: MonitorStrategy = defineStrategy<DockerhubSettings>({
  kind: 'dockerhub',
  title: 'Docker Hub repository: its tags and when each was pushed',
  family: 'dockerhub',
  routingKeys: ['chains.*.*.dockerhub_repos_config', 'general.dockerhub_repos_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 3_600_000, env: 'DOCKERHUB_MONITOR_PERIOD_SECONDS' },
  environment: { urlTemplate: 'DOCKERHUB_TAGS_TEMPLATE' },
  // Some repositories have thousands of tags, a hundred to a page, and an hour passes between rounds.
  limits: { ...DEFAULT_LIMITS, roundTimeoutMs: 120_000, youngMb: 1, oldMb: 32 },
  defaultBaseChain: 'general',
  componentName: (name) => `DockerHub monitor (${name.replace('/', ' ')})`,
  nameOf: ({ namespace, name }) => `${namespace}/${name}`,
  settings: dockerhubSettings,
  example: { namespace: 'library', name: 'redis', urlTemplate: TAGS_TEMPLATE },
  docs: dockerhubDocs,
  config: dockerhubEntry,
  isWatched: (raw) => !isSwitchOff(raw['monitor_repo']),
  rawFields: { namespace: 'repo_namespace', name: 'repo_name', urlTemplate: 'url_template' },
  toConfig: ({ id, parentId, baseChain, chain }, settings) => [
    {
      routingKey:
        baseChain.toLowerCase() === 'general'
          ? 'general.dockerhub_repos_config'
          : `chains.${baseChain}.${chain}.dockerhub_repos_config`.toLowerCase(),
      configId: id,
      raw: {
        id,
        parent_id: parentId,
        repo_name: settings.name,
        repo_namespace: settings.namespace,
        monitor_repo: 'true',
        ...(settings.urlTemplate === TAGS_TEMPLATE ? {} : { url_template: settings.urlTemplate }),
      },
    },
  ],
  keyFigure: ({ tag_count: count }: Facts) => (typeof count === 'number' ? `${String(count)} tags` : ''),
});
