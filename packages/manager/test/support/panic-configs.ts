/** Config entries as PANIC's two publishers write them. Source: panic-manager-contract 2.1, 2.5. */
import type { JsonObject } from '@vedette/contract';

/** A node as the Mongo publisher sends it: the common 24 text fields, in its order. */
export function mongoNode(id: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    parent_id: 'parent-1',
    name: `node ${id}`,
    node_ws_url: '',
    exporter_url: `http://10.0.0.1:9100/${id}`,
    monitor_system: 'true',
    monitor_node: 'true',
    is_validator: 'false',
    is_archive_node: 'false',
    use_as_data_source: 'false',
    stash_address: '',
    governance_addresses: '',
    monitor_network: 'false',
    cosmos_rest_url: '',
    monitor_cosmos_rest: 'false',
    tendermint_rpc_url: '',
    monitor_tendermint_rpc: 'false',
    operator_address: '',
    monitor_prometheus: 'true',
    prometheus_url: '',
    node_prometheus_urls: `http://10.0.0.1:6688/${id}`,
    evm_nodes_urls: 'http://10.0.0.9:8545',
    weiwatchers_url: 'https://weiwatchers.example/a.json',
    monitor_contracts: 'true',
    ...fields,
  };
}

/** A Chainlink node as the INI watcher sent it: only its own fields, switches as typed. */
export function iniNode(id: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    parent_id: 'chain_name_1',
    name: `node ${id}`,
    node_prometheus_urls: `http://10.0.0.1:6688/${id}`,
    monitor_node: 'yes',
    monitor_prometheus: 'True',
    monitor_contracts: 'no',
    weiwatchers_url: 'https://weiwatchers.example/a.json',
    evm_nodes_urls: 'http://10.0.0.9:8545',
    ...fields,
  };
}

export function evmNode(id: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    parent_id: 'parent-1',
    name: `geth ${id}`,
    node_http_url: `http://10.0.0.1:8545/${id}`,
    monitor_node: 'true',
    ...fields,
  };
}

export function system(id: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    parent_id: 'parent-1',
    name: `host ${id}`,
    exporter_url: `http://10.0.0.1:9100/${id}`,
    monitor_system: 'true',
    ...fields,
  };
}

/** An object of entries under their ids. */
export function bodyOf(...entries: readonly JsonObject[]): Record<string, JsonObject> {
  return Object.fromEntries(entries.map((entry) => [String(entry['id']), entry]));
}
