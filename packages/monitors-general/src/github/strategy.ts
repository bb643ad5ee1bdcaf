/** Kind `github`: the releases of a repository. Starts nothing, loads no monitor. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineStrategy, isSwitchOff, type MonitorStrategy } from '@vedette/contract/strategy';
import { githubDocs } from './docs.js';
import { githubEntry, githubSettings, RELEASES_TEMPLATE, type GithubSettings } from './settings.js';

/** Kind `github`. */
export const githubStrategy: MonitorStrategy = defineStrategy<GithubSettings>({
  kind: 'github',
  title: 'GitHub repository: its releases, newest first',
  family: 'github',
  routingKeys: ['chains.*.*.github_repos_config', 'general.github_repos_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 3_600_000, env: 'GITHUB_MONITOR_PERIOD_SECONDS' },
  environment: { urlTemplate: 'GITHUB_RELEASES_TEMPLATE', token: 'GITHUB_TOKEN' },
  limits: { ...DEFAULT_LIMITS, youngMb: 1, oldMb: 32 },
  defaultBaseChain: 'general',
  componentName: (name) => `GitHub monitor (${name.replaceAll('/', ' ')})`,
  nameOf: ({ repo }) => repo,
  settings: githubSettings,
  example: { repo: 'SimplyStaking/panic', urlTemplate: RELEASES_TEMPLATE, token: '' },
  docs: githubDocs,
  config: githubEntry,
  isWatched: (raw) => !isSwitchOff(raw['monitor_repo']),
  rawFields: { repo: 'repo_name', urlTemplate: 'url_template' },
  toConfig: ({ id, parentId, baseChain, chain }, settings) => [
    {
      routingKey:
        baseChain.toLowerCase() === 'general'
          ? 'general.github_repos_config'
          : `chains.${baseChain}.${chain}.github_repos_config`.toLowerCase(),
      configId: id,
      raw: {
        id,
        parent_id: parentId,
        repo_name: settings.repo,
        repo_namespace: '',
        monitor_repo: 'true',
        ...(settings.urlTemplate === RELEASES_TEMPLATE ? {} : { url_template: settings.urlTemplate }),
        ...(settings.token === '' ? {} : { token: settings.token }),
      },
    },
  ],
  keyFigure,
});

function keyFigure({ release_count: count, new_releases: fresh }: Facts): string {
  if (typeof count !== 'number') return '';
  return `${String(count)} releases${typeof fresh === 'number' && fresh > 0 ? `, ${String(fresh)} new` : ''}`;
}
