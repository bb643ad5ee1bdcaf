/** What people read about kind `chainlink-node`. */
import type { KindDocs } from '@vedette/contract/strategy';

export const chainlinkNodeDocs: KindDocs = {
  reads: [
    'GET one of `prometheusUrls`: the last that answered, else the first in order that does',
    'GET `symbolUrl` once in 24 h, for a chain whose currency is not in the built-in table',
  ],
  publishes: [
    {
      routingKey: 'node.chainlink',
      what: 'each round: heads, transactions, gas, balance and job errors, or an error',
    },
  ],
  facts: {
    head_height: 'height of the newest head the node has seen',
    heads_received: 'heads received since its start',
    max_unconfirmed_blocks: 'blocks the oldest unconfirmed transaction has waited',
    process_start_time_seconds: 'when the node started, Unix time',
    gas_bumps: 'times it raised a gas price',
    gas_bumps_over_limit: 'times a raise would have passed the limit',
    unconfirmed_transactions: 'transactions not confirmed yet',
    gas_price_wei: 'gas price it sends with',
    balance: 'balance of its account, in the currency of the chain',
    errored_jobs: 'job runs that ended in an error',
    request_seconds: 'time from the first request of the round to the last answer',
  },
  errors: [
    {
      code: 5003,
      when: 'a strict metric is missing, wrongly labelled or not finite, or the page holds no metrics',
    },
    { code: 5005, when: 'the answer broke off' },
    { code: 5009, when: 'the URL cannot be used or leads elsewhere' },
    { code: 5015, when: 'no URL answers' },
  ],
  differs: [
    'No URL is asked twice in a round, and all of them share 22 s; PANIC waits 10 s for each, and twice for the last one used.',
    'A symbol that was known is never lost when a look-up fails, and the usual chains need none.',
    'A gas price without a percentile is null; PANIC sends `{}`, which its consumer drops with the whole message.',
    'A page that is no metrics page is error 5003; PANIC crashes and restarts every 10 s.',
  ],
};
