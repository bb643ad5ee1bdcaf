/**
 * Which failure of a Substrate chain's nodes is published under which code (panic-monitors-contract 14.6, 14.7).
 *
 * PANIC reads through an HTTP service of its own and goes silent on the rows marked *; its alerters react to
 * 5019, 5032 and 5034.
 *
 * | failure | code |
 * | --- | --- |
 * | no data source is reachable, a Substrate node, and synced | 5019 |
 * | the chosen source is lost, slow or answers with an error, and so is every other | 5031 |
 * | the chain lacks a part of a pallet it has | 5031 |
 * | an answer lacks a member or is of the wrong form * | 5034 |
 *
 * Never published: 5032, PANIC's word for its own service being away, which we do not have, and 5005, since a
 * WebSocket message comes whole or not at all.
 *
 * No failure here: a chain without `democracy` (no proposals, no referenda) or without `grandpa`. PANIC gives
 * 5031 for it for ever, which nobody is told of, and then does not see stalled finality either.
 */
import { isVedetteError } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';
import { NoSyncedSource } from '../chain/source-choice.js';

/** Null for an error that is not a source's: throw it on. */
export function substrateNetworkFailure(error: unknown, monitor: MonitorIdentity): ReportedFailure | null {
  if (error instanceof NoSyncedSource) {
    return {
      code: PANIC_ERRORS.noSyncedSource,
      message: `${monitor.componentName} found no synced indirect Substrate websocket node that it could reach`,
    };
  }
  if (!isVedetteError(error) || sourceFamilyOf(error) === null) return null;
  if (error.code === 'SOURCE_BAD_BODY' || error.code === 'SOURCE_TOO_LARGE') {
    return {
      code: PANIC_ERRORS.substrateNetworkNotObtained,
      message: `The network data of ${monitor.subChain} could not be obtained: ${error.message}`,
    };
  }
  return { code: PANIC_ERRORS.substrateCall, message: error.message };
}
