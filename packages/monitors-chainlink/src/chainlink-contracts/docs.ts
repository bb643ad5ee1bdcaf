/** What people read about kind `chainlink-contracts`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const chainlinkContractsDocs: KindDocs = {
  reads: [
    '`weiwatchersUrl`, every 24 h: the feeds of the chain, FluxAggregator (version 3) and OCR aggregator (version 4); other versions are passed over',
    '`prometheusUrls` of each node, every 24 h: the account in `eth_balance` is the address the node sends from',
    'JSON-RPC of one of `evmUrls`, in batches: `eth_syncing`, `eth_blockNumber`; `getOracles` or `transmitters` of each listed feed when list or addresses are new',
    'each round per feed: `aggregator`, `latestRoundData`, `withdrawablePayment` or `owedPayment`, `transmitters` (version 4), `eth_getLogs` since the last block, `getRoundData` of each event; `description` once in 24 h',
  ],
  publishes: [
    {
      routingKey: 'contracts.chainlink',
      what: 'each round one result per Chainlink node, or one error for the whole chain',
    },
  ],
  facts: {
    feed_count: 'feeds watched',
    block_height: 'height of the newest block at the node asked',
    node_count: 'Chainlink nodes with a report',
    nodes_without_address: 'nodes whose account is not known yet',
    unreadable_feeds: 'feeds left out because they cannot be read',
    listed_contracts: 'contracts in the list',
    list_age_seconds: 'since the list was read',
    address_age_seconds: 'since the oldest address of a node was read',
    oldest_answer_seconds: 'since the answer of the feed that waits longest',
    observed_rounds: 'rounds of feeds told in this round',
    open_payment_juels: 'payments not yet withdrawn, over all nodes',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5018, when: 'there is no list of feeds yet and it cannot be had, or no node tells its address' },
    { code: 5019, when: 'no EVM node is reachable and synced, or the chosen one cannot read any feed' },
  ],
  differs: [
    'A list that cannot be refreshed leaves the last good one in use, and is tried again every ten minutes; PANIC publishes nothing but error 5018 until the list is back. The same goes for the addresses of nodes.',
    'Which node takes part in which feed is asked again until every feed has answered; PANIC forgets the need, and shows no feed for 24 h.',
    'A feed that cannot be read is left out and its events are read in a later round; PANIC leaves out the whole node, and its events are lost.',
    'When nothing can be read, error 5019 says so; PANIC publishes nothing, or restarts.',
    'Calls travel in batches, feeds of several nodes are read once, descriptions are kept: a round of 50 feeds takes four exchanges instead of some 350.',
    '`eth_getLogs` in place of filters, which many providers refuse and PANIC never removes; at most 2,000 blocks and 200 events a feed and round, fewer where a node refuses; the rest follows in the next rounds.',
    'No block is read twice: without a new block there are no rounds. PANIC reads the last block again.',
    'The last good EVM node is asked first, then the others at once in the configured order.',
    'A round whose answer is 0 is left out where the node submitted to it: consumers divide by it and would drop the message.',
  ],
};
