/**
 * Which failure of a Substrate node is published under which code (panic-monitors-contract 12.6, 12.7).
 *
 * PANIC reads through an HTTP service of its own and goes silent on the rows marked *; its alerters react to
 * 5015, 5019, 5032 and 5033.
 *
 * | failure | code |
 * | --- | --- |
 * | the node cannot be connected to: refused, reset, no TLS, no usable URL *, no WebSocket, no full handshake | 5015 |
 * | it answers, but not as a Substrate node: HTML, garbage, too large an answer, another JSON-RPC service | 5015 |
 * | a connection to it is lost or silent, and a fresh one too | 5015 |
 * | it answers a call with an error, or one call too slowly | 5031 |
 * | no data source is reachable, of the node's own chain, and synced | 5019 |
 * | the chosen source is lost, slow or answers with an error, and so is every other | 5031 |
 * | the chain has no `staking` for a validator, or its stash is not bonded or no address | 5031 |
 * | an answer lacks a member or is of the wrong form *, no era is active *, no ledger * | 5033 |
 *
 * Never published: 5032, PANIC's word for its own service being away, which we do not have; and 5005, since
 * a WebSocket message comes whole or not at all. Both were the service's troubles, not the chain's.
 *
 * No failure here: a chain without `imOnline` (authored_blocks null), without `staking` for a node that is
 * no validator (era and depth null), a history depth in storage or as a constant, exposures of either
 * generation, a node that hides system_syncState (heights from its head and health).
 */
import { isVedetteError } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';
import { NoSyncedSource } from '../chain/source-choice.js';

/** `isOwn`: the watched node itself was asked. Null for an error that is not a source's: throw it on. */
export function substrateNodeFailure(
  error: unknown,
  monitor: MonitorIdentity,
  isOwn: boolean,
): ReportedFailure | null {
  if (error instanceof NoSyncedSource) {
    return {
      code: PANIC_ERRORS.noSyncedSource,
      message: `${monitor.componentName} found no synced indirect Substrate websocket node that it could reach`,
    };
  }
  if (!isVedetteError(error) || sourceFamilyOf(error) === null) return null;
  if (isOwn && (error.code === 'SOURCE_UNREACHABLE' || error.code === 'SOURCE_BAD_URL')) {
    return { code: PANIC_ERRORS.nodeDown, message: `Node ${monitor.name} is unreachable` };
  }
  if (error.code === 'SOURCE_BAD_BODY' || error.code === 'SOURCE_TOO_LARGE') {
    return {
      code: PANIC_ERRORS.substrateNotObtained,
      message: `The websocket data of ${monitor.name} could not be obtained: ${error.message}`,
    };
  }
  return { code: PANIC_ERRORS.substrateCall, message: error.message };
}
