/** The same observations as numbers for people and gauges. */
import type { Facts } from '@vedette/contract';
import type { PrometheusReading } from './prometheus.js';
import type { RestReading } from './rest-source.js';
import type { RpcReading } from './rpc-source.js';

export function prometheusFacts({ height, power }: PrometheusReading): Facts {
  return { height, validator_power: power ?? 0 };
}

export function restFacts({ bondStatus, isJailed }: RestReading): Facts {
  return { is_bonded: Number(bondStatus === 'bonded'), is_jailed: Number(isJailed) };
}

export function rpcFacts({ isSyncing, isPeered, heights, ownHeight, sourceHeight }: RpcReading): Facts {
  return {
    height: ownHeight,
    is_syncing: Number(isSyncing),
    is_peered_with_sentinel: isPeered === null ? null : Number(isPeered),
    source_height: sourceHeight,
    blocks_checked: heights.length,
    blocks_missed: heights.filter(({ isActive, isSigned }) => isActive && !isSigned).length,
    blocks_slashed: heights.filter(({ slash }) => slash.isSlashed).length,
  };
}
