/** What people read about kind `cosmos-node`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const cosmosNodeDocs: KindDocs = {
  reads: [
    'The metrics page of the node (`tendermint_` and `cometbft_` names alike), where `prometheusUrl` is set',
    'Cosmos REST: whether the node is synced, and of a validator its bond status and slashing from the first data source that serves',
    'CometBFT RPC: status and network of the node, and of a validator each new block and its validators from the first data source that serves',
  ],
  publishes: [
    {
      routingKey: 'node.cosmos',
      what: 'each round one message with `prometheus`, `cosmos_rest` and `tendermint_rpc`, each a result, an error, or `{}` where the source is off',
    },
  ],
  facts: {
    height: 'height of the newest block',
    validator_power: 'voting power; 0 for a node that validates nothing',
    is_bonded: '1 if its validator is bonded',
    is_jailed: '1 if its validator is jailed',
    is_syncing: '1 while the node is catching up',
    is_peered_with_sentinel: '1 if a peer of it is one of the watched nodes',
    source_height: 'height of the data source asked for blocks',
    blocks_checked: 'blocks looked at in this round',
    blocks_missed: 'of these, blocks its active validator did not sign',
    blocks_slashed: 'of these, blocks in which it was slashed',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5003, when: 'a metric is missing, or the metrics page is none' },
    { code: 5005, when: 'an answer broke off' },
    { code: 5009, when: 'an address cannot be used or leads elsewhere' },
    { code: 5015, when: 'the node itself cannot be reached, of each source by itself' },
    { code: 5019, when: 'no synced data source can be reached' },
    { code: 5023, when: 'REST of no source is of use' },
    { code: 5024, when: 'a REST call failed on the server' },
    { code: 5026, when: 'a data source stopped answering half way, and no other serves' },
    { code: 5029, when: 'RPC of no source is of use' },
    { code: 5030, when: 'an RPC call failed on the server' },
  ],
  differs: [
    'At most a hundred data sources are asked, non-validators first; PANIC knows no limit, and thousands of nodes that all serve each other would never be read.',
    'Sources are read side by side, each with its own failure; an unmapped one silences all three of them in PANIC.',
    'Up to eight blocks of a source are read at a time, and a round ends in time with those it has; PANIC reads one after another.',
    'A height is published once and never goes backwards, also over failures, restarts and a source that lags.',
    'The data source that served last is asked first; PANIC begins with the first each round.',
    'Only a change of what is needed of a sibling restarts a monitor: its URLs, its place in the order, whether it offers itself.',
  ],
};
