/** What a Chainlink node's page says. Pure; forms and strictness are panic-monitors-contract 9.2's. */
import {
  labelledSamples,
  requireFinite,
  requireLabelled,
  requirePlain,
  type MetricsPage,
} from '@vedette/monitor';

/** In the order in which a missing one is reported: the first of this list. */
const STRICT = [
  ['head_tracker_current_head', 'labelled'],
  ['head_tracker_heads_received_total', 'labelled'],
  ['max_unconfirmed_blocks', 'labelled'],
  ['process_start_time_seconds', 'plain'],
  ['unconfirmed_transactions', 'labelled'],
  ['eth_balance', 'labelled'],
] as const;

export const CHAINLINK_METRICS: ReadonlySet<string> = new Set([
  ...STRICT.map(([name]) => name),
  'tx_manager_num_gas_bumps_total',
  'tx_manager_gas_bump_exceeds_limit_total',
  'gas_updater_set_gas_price',
  'run_status_update_total',
]);

/** Of each labelled metric only the first label set counts: one chain per node. */
export interface ChainlinkReadings {
  readonly currentHead: number;
  readonly headsReceived: number;
  readonly maxUnconfirmedBlocks: number;
  /** Epoch seconds. */
  readonly processStartTime: number;
  readonly gasBumps: number | null;
  readonly gasBumpsOverLimit: number | null;
  readonly unconfirmedTransactions: number;
  /** Wei, with the percentile's label text such as `20%`. */
  readonly gasPrice: { readonly percentile: string; readonly price: number } | null;
  /** In whole units of the chain's currency; null when no set names an account. */
  readonly balance: {
    readonly address: string;
    readonly amount: number;
    readonly chainId: number | null;
  } | null;
  /** Label sets, that is jobs, with status `errored`; not the number of errors. */
  readonly erroredJobs: number;
}

/** Throws SOURCE_METRIC_MISSING naming the first strict metric that is absent, of the wrong form or not finite. */
export function readChainlink(page: MetricsPage): ChainlinkReadings {
  for (const [name, form] of STRICT) {
    if (form === 'plain') requirePlain(page, name);
    else requireLabelled(page, name);
  }
  const first = (name: string): number => requireFinite(page, name, requireLabelled(page, name)[0].value);
  const account = requireLabelled(page, 'eth_balance').find(
    (sample) => sample.labels['account'] !== undefined,
  );
  return {
    currentHead: first('head_tracker_current_head'),
    headsReceived: first('head_tracker_heads_received_total'),
    maxUnconfirmedBlocks: first('max_unconfirmed_blocks'),
    processStartTime: requirePlain(page, 'process_start_time_seconds'),
    gasBumps: optional(page, 'tx_manager_num_gas_bumps_total'),
    gasBumpsOverLimit: optional(page, 'tx_manager_gas_bump_exceeds_limit_total'),
    unconfirmedTransactions: first('unconfirmed_transactions'),
    gasPrice: gasPriceOf(page),
    balance:
      account === undefined
        ? null
        : {
            address: account.labels['account'] ?? '',
            amount: requireFinite(page, 'eth_balance', account.value),
            chainId: chainIdOf(account.labels['evmChainID']),
          },
    erroredJobs: labelledSamples(page, 'run_status_update_total').filter(
      (sample) => sample.labels['status'] === 'errored',
    ).length,
  };
}

/** Consumers truncate it to an integer, which NaN and infinities would not survive: null instead. */
function optional(page: MetricsPage, name: string): number | null {
  const value = labelledSamples(page, name)[0]?.value;
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Null where PANIC sends `{}`, which its own consumer drops with the whole message. */
function gasPriceOf(page: MetricsPage): ChainlinkReadings['gasPrice'] {
  for (const { labels, value } of labelledSamples(page, 'gas_updater_set_gas_price')) {
    const percentile = labels['percentile'];
    if (percentile !== undefined) return Number.isFinite(value) ? { percentile, price: value } : null;
  }
  return null;
}

/** PANIC sends nothing when the label is no integer; a balance without a symbol is worth more. */
function chainIdOf(label: string | undefined): number | null {
  if (label === undefined || !/^\s*\d{1,15}\s*$/.test(label)) return null;
  return Number(label);
}
