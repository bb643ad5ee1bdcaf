/** What people read about kind `cosmos-network`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const cosmosNetworkDocs: KindDocs = {
  reads: [
    'Cosmos REST of the first data source that is synced: `gov/v1/proposals`, or `v1beta1` where that is all it offers, to the last page',
  ],
  publishes: [{ routingKey: 'network.cosmos', what: 'each round: all proposals of the chain, or an error' }],
  facts: {
    proposals: 'proposals of the chain',
    proposals_deposit: 'proposals that gather their deposit',
    proposals_voting: 'proposals that are voted on',
    proposals_passed: 'proposals that passed',
    proposals_rejected: 'proposals that were rejected',
    proposals_failed: 'proposals that passed and could not be carried out',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    { code: 5005, when: 'an answer broke off' },
    { code: 5009, when: 'the chosen source leads elsewhere' },
    { code: 5019, when: 'no data source answers, or all are syncing' },
    { code: 5024, when: 'a REST call failed on the server' },
    { code: 5026, when: 'the chosen data source stopped answering' },
    { code: 5027, when: 'REST of the chosen source is of no use' },
  ],
  differs: [
    'Pages of proposals on which nothing can change any more are read once; PANIC reads all each minute.',
    'A proposal that cannot be read is left out and the others go out; one odd time costs PANIC all of them.',
    'Without a data source the config is refused with a reason; PANIC starts a monitor that never gets ready.',
    'Nodes that disagree are all refused and what ran goes on; PANIC stops it.',
  ],
};
