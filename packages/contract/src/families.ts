/**
 * PANIC's six managers and their part of the broker's topology.
 * Source: panic-manager-contract 1.3, 2.2, 5.1, 6.1. Flags must stay identical or the broker answers 406.
 */
export const FAMILIES = {
  system: {
    managerName: 'System Monitors Manager',
    configQueue: 'system_monitors_manager_configs_queue',
    heartbeatQueue: 'system_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.systems_config', 'chains.*.*.nodes_config', 'general.systems_config'],
    monitorableTypes: ['systems'],
  },
  github: {
    managerName: 'GitHub Monitors Manager',
    configQueue: 'github_monitors_manager_configs_queue',
    heartbeatQueue: 'github_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.github_repos_config', 'general.github_repos_config'],
    monitorableTypes: ['github_repos'],
  },
  dockerhub: {
    managerName: 'DockerHub Monitors Manager',
    configQueue: 'dockerhub_monitors_manager_configs_queue',
    heartbeatQueue: 'dockerhub_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.dockerhub_repos_config', 'general.dockerhub_repos_config'],
    monitorableTypes: ['dockerhub_repos'],
  },
  node: {
    managerName: 'Node Monitors Manager',
    configQueue: 'node_monitors_manager_configs_queue',
    heartbeatQueue: 'node_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.nodes_config', 'chains.*.*.evm_nodes_config'],
    monitorableTypes: ['nodes'],
  },
  contract: {
    managerName: 'Contract Monitors Manager',
    configQueue: 'contract_monitors_manager_configs_queue',
    heartbeatQueue: 'contract_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.nodes_config'],
    monitorableTypes: ['nodes', 'chains'],
  },
  network: {
    managerName: 'Network Monitors Manager',
    configQueue: 'network_monitors_manager_configs_queue',
    heartbeatQueue: 'network_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.nodes_config'],
    monitorableTypes: ['chains'],
  },
} as const satisfies Record<string, FamilyTopology>;

/** What one of PANIC's managers is called and what it consumes. */
export interface FamilyTopology {
  readonly managerName: string;
  readonly configQueue: string;
  readonly heartbeatQueue: string;
  readonly configKeys: readonly string[];
  /** Second words of the routing keys it tells its monitorables under, in the order they are sent. */
  readonly monitorableTypes: readonly MonitorableType[];
}

/** What PANIC's UI sorts monitored sources by. */
export type MonitorableType = 'systems' | 'nodes' | 'github_repos' | 'dockerhub_repos' | 'chains';

/** One of PANIC's six managers, by what it watches. */
export type Family = keyof typeof FAMILIES;
/** The six families, in the order PANIC starts their managers. */
export const FAMILY_NAMES = Object.keys(FAMILIES) as Family[];

/**
 * Whether this manager of PANIC looks into a `nodes_config` of a base chain; all other configs of its queue
 * are its business whatever the base chain. Letter case does not count.
 */
export function readsNodesOf(family: Family, baseChain: string): boolean {
  const base = baseChain.toLowerCase();
  switch (family) {
    case 'system':
      return base !== 'chainlink';
    case 'node':
      return base === 'cosmos' || base === 'substrate' || base === 'chainlink';
    case 'contract':
      return base === 'chainlink';
    case 'network':
      return base === 'cosmos' || base === 'substrate';
    case 'github':
    case 'dockerhub':
      return false;
  }
}
