/** What people read about kind `substrate-node`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const substrateNodeDocs: KindDocs = {
  reads: [
    'JSON-RPC over WebSocket of the node itself: its heights, health and sync state',
    'Chain state of the first synced data source: session, era and, of a validator, its stake, points, payouts, slashes and offline reports',
    'For eras and blocks that are past, an archive node among the data sources',
  ],
  publishes: [
    {
      routingKey: 'node.substrate',
      what: 'each round one message with `websocket`: a result or an error',
    },
  ],
  errors: [
    { code: 5015, when: 'the node itself cannot be reached, or is no Substrate node' },
    { code: 5019, when: 'no synced data source of its chain can be reached' },
    {
      code: 5031,
      when: 'a call failed or was too slow, or the chain has no such thing, for example no `staking` for a validator',
    },
    { code: 5033, when: 'an answer is of the wrong form' },
  ],
  differs: [
    'At most a hundred data sources are asked, non-validators first; PANIC knows no limit, and thousands of nodes that all serve each other would never be read.',
    'The chain is read directly; PANIC asks an HTTP service of its own, whose absence (5032) therefore never occurs.',
    'What a chain offers is decided by its metadata: chains with and without `imOnline`, `historyDepth` and paged exposures all work.',
    'Past eras and blocks are read once and kept; PANIC reads them each round.',
    'A block is read once, heights never go backwards, and a round ends in time with the blocks it has.',
    'Answers of the wrong form are error 5033; PANIC goes silent on them.',
  ],
};
