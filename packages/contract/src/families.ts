/**
 * PANIC's six managers and their part of the broker's topology.
 * Source: panic-manager-contract 1.3, 5.1, 6.1. Flags must stay identical or the broker answers 406.
 */
export const FAMILIES = {
  system: {
    managerName: 'System Monitors Manager',
    configQueue: 'system_monitors_manager_configs_queue',
    heartbeatQueue: 'system_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.systems_config', 'chains.*.*.nodes_config', 'general.systems_config'],
  },
  github: {
    managerName: 'GitHub Monitors Manager',
    configQueue: 'github_monitors_manager_configs_queue',
    heartbeatQueue: 'github_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.github_repos_config', 'general.github_repos_config'],
  },
  dockerhub: {
    managerName: 'DockerHub Monitors Manager',
    configQueue: 'dockerhub_monitors_manager_configs_queue',
    heartbeatQueue: 'dockerhub_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.dockerhub_repos_config', 'general.dockerhub_repos_config'],
  },
  node: {
    managerName: 'Node Monitors Manager',
    configQueue: 'node_monitors_manager_configs_queue',
    heartbeatQueue: 'node_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.nodes_config', 'chains.*.*.evm_nodes_config'],
  },
  contract: {
    managerName: 'Contract Monitors Manager',
    configQueue: 'contract_monitors_manager_configs_queue',
    heartbeatQueue: 'contract_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.nodes_config'],
  },
  network: {
    managerName: 'Network Monitors Manager',
    configQueue: 'network_monitors_manager_configs_queue',
    heartbeatQueue: 'network_monitors_manager_heartbeat_queue',
    configKeys: ['chains.*.*.nodes_config'],
  },
} as const satisfies Record<string, FamilyTopology>;

export interface FamilyTopology {
  readonly managerName: string;
  readonly configQueue: string;
  readonly heartbeatQueue: string;
  readonly configKeys: readonly string[];
}

export type Family = keyof typeof FAMILIES;
export const FAMILY_NAMES = Object.keys(FAMILIES) as Family[];
