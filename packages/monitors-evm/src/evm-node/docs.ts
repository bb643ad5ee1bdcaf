/** What people read about kind `evm-node`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const evmNodeDocs: KindDocs = {
  reads: ['JSON-RPC of `url`: `eth_blockNumber` and `eth_syncing`, both at once'],
  publishes: [{ routingKey: 'node.evm', what: 'each round: height and sync state, or an error' }],
  facts: {
    block_height: 'height of the newest block',
    is_syncing: '1 while the node is catching up',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5005, when: 'the answer broke off' },
    { code: 5009, when: 'the URL cannot be used, leads elsewhere, or is not the JSON-RPC of a node' },
    { code: 5015, when: 'the node cannot be reached within 2 s, or says that it cannot serve' },
  ],
  differs: [
    'A dead node costs one wait of 2 s, or two where a kept connection had just been closed; PANIC makes five attempts a call.',
    'JSON-RPC errors, error statuses and senseless answers are errors 5009 or 5015; PANIC restarts and says nothing.',
  ],
};
