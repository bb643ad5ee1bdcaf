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
  facts: {
    best_height: 'height of the newest block',
    target_height: 'height its peers tell of',
    finalized_height: 'height of the newest final block',
    session_index: 'session of the chain',
    era_index: 'era of the chain',
    history_depth_eras: 'eras whose rewards can still be claimed',
    is_active: '1 if its validator is in the active set',
    is_elected: '1 if its validator is elected for the next session',
    is_disabled: '1 if its validator is disabled',
    has_sent_heartbeat: '1 if its validator sent a heartbeat or authored a block this session',
    authored_blocks: 'blocks it authored this session',
    exposure_nominators: 'nominators behind its validator',
    unclaimed_eras: 'eras whose rewards were not claimed',
    previous_era_points: 'reward points of the era before',
    checked_blocks: 'blocks looked at in this round',
    slashed_blocks: 'of these, blocks in which it was slashed',
    offline_blocks: 'of these, blocks in which it was found offline',
    request_seconds: 'time from the first request of the round to the last answer',
  },
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
