/** What people read about kind `substrate-network`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const substrateNetworkDocs: KindDocs = {
  reads: [
    'JSON-RPC over WebSocket of the first synced data source: whether finality is stalled, public proposals, referenda and the votes on them',
  ],
  publishes: [
    {
      routingKey: 'network.substrate',
      what: 'each round one message with `websocket`: a result or an error',
    },
  ],
  facts: {
    is_grandpa_stalled: '1 while finality stands still',
    has_democracy: '1 if the chain has the democracy pallet',
    public_proposals: 'public proposals made so far',
    active_proposals: 'public proposals open now',
    referendums: 'referenda so far',
    active_referendums: 'referenda that are voted on',
    finished_referendums: 'referenda that have ended',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5019, when: 'no synced data source can be reached' },
    { code: 5031, when: 'a call failed or was too slow, or the chain lacks a part of a pallet it has' },
    { code: 5034, when: 'an answer is of the wrong form' },
  ],
  differs: [
    'A chain without `democracy` has no proposals and no referenda, and its finality is watched; PANIC gives 5031 for ever.',
    'Referenda that are over are read once and kept; PANIC reads all each minute.',
    'Without a data source the config is refused with a reason; PANIC starts a monitor that never gets ready.',
  ],
};
