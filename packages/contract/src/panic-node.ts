/** The common node of PANIC's `nodes_config`: 24 text fields in the order its publisher sends them. */
const NODE_FIELDS = {
  id: '',
  parent_id: '',
  name: '',
  node_ws_url: '',
  exporter_url: '',
  monitor_system: 'false',
  monitor_node: 'false',
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
  monitor_prometheus: 'false',
  prometheus_url: '',
  node_prometheus_urls: '',
  evm_nodes_urls: '',
  weiwatchers_url: '',
  monitor_contracts: 'false',
} as const;

/** A node PANIC's own managers take too: what `fields` does not say is empty, every switch off. */
export function panicNode(
  identity: { readonly id: string; readonly parentId: string; readonly name: string },
  fields: Readonly<Partial<Record<keyof typeof NODE_FIELDS, string>>>,
): Record<string, string> {
  const { id, parentId, name } = identity;
  return { ...NODE_FIELDS, id, parent_id: parentId, name, ...fields };
}
