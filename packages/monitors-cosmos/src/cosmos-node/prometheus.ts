/** The two metrics of a node's page. Tendermint names them `tendermint_`, CometBFT `cometbft_` where set so. */
import { labelledSamples, metricProblem, requireFinite, type MetricsPage } from '@vedette/monitor';

/** In the order in which they are looked for; the first is the one PANIC knows. */
const PREFIXES = ['tendermint', 'cometbft'] as const;
const HEIGHT = 'consensus_latest_block_height';
const POWER = 'consensus_validator_power';

export const COSMOS_METRICS: ReadonlySet<string> = new Set(
  PREFIXES.flatMap((prefix) => [`${prefix}_${HEIGHT}`, `${prefix}_${POWER}`]),
);

export interface PrometheusReading {
  readonly height: number;
  /** Null: not in the validator set, the node does not show it. */
  readonly power: number | null;
}

/** Of each metric only the first label set counts. Throws SOURCE_METRIC_MISSING. */
export function readPrometheus(page: MetricsPage): PrometheusReading {
  const prefix = PREFIXES.find((name) => page.metrics.samples.has(`${name}_${HEIGHT}`)) ?? PREFIXES[0];
  const [height] = labelledSamples(page, `${prefix}_${HEIGHT}`);
  if (height === undefined) {
    const isPresent = page.metrics.samples.has(`${prefix}_${HEIGHT}`);
    const problem = isPresent ? 'carries no labels, which it should' : 'was not found';
    throw metricProblem(page, `${prefix}_${HEIGHT}`, problem);
  }
  const [power] = labelledSamples(page, `${prefix}_${POWER}`);
  return {
    height: requireFinite(page, `${prefix}_${HEIGHT}`, height.value),
    power: power === undefined ? null : requireFinite(page, `${prefix}_${POWER}`, power.value),
  };
}
