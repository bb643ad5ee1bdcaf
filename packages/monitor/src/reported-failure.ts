/**
 * A failure that is an observation: the round publishes it as an `error` message and counts as good.
 * Promise: what is not a source's failure (an abort, a defect) is never passed off as one.
 */
import { isVedetteError, type ErrorCode } from '@vedette/contract';

/** Codes PANIC's consumers switch on; the text beside a code is ours. */
export const PANIC_ERRORS = {
  metricNotFound: 5003,
  systemDown: 5004,
  dataReading: 5005,
  gitHubUnreachable: 5006,
  gitHubCall: 5007,
  invalidUrl: 5009,
  notJson: 5012,
  nodeDown: 5015,
  contractsNotRetrieved: 5018,
  noSyncedSource: 5019,
  dockerHubCall: 5020,
  dockerHubUnreachable: 5021,
  cosmosRestNotObtained: 5023,
  cosmosRestCall: 5024,
  sourceUnreachable: 5026,
  cosmosNetworkNotObtained: 5027,
  tendermintRpcNotObtained: 5029,
  tendermintRpcCall: 5030,
  substrateCall: 5031,
  substrateApiUnreachable: 5032,
  substrateNotObtained: 5033,
  substrateNetworkNotObtained: 5034,
} as const;

/** What an `error` message says. */
export interface ReportedFailure {
  readonly code: number;
  /** One sentence, secrets masked. */
  readonly message: string;
}

/**
 * `unreachable`: nobody answered in time. `broken-off`: the answer stopped half way. `bad-url`: the
 * address cannot be used, or leads elsewhere. `unusable`: an answer, but not what it should be.
 */
export type SourceFamily = 'unreachable' | 'broken-off' | 'bad-url' | 'unusable';

const FAMILY_OF: Partial<Record<ErrorCode, SourceFamily>> = {
  SOURCE_UNREACHABLE: 'unreachable',
  SOURCE_TIMEOUT: 'unreachable',
  SOURCE_READ_FAILED: 'broken-off',
  SOURCE_BAD_URL: 'bad-url',
  SOURCE_REDIRECT_REFUSED: 'bad-url',
  SOURCE_TOO_LARGE: 'unusable',
  SOURCE_HTTP_STATUS: 'unusable',
  SOURCE_BAD_BODY: 'unusable',
  SOURCE_METRIC_MISSING: 'unusable',
  SOURCE_UNSUPPORTED: 'unusable',
};

/** Null for anything that is not a source's failure: such an error must be thrown on. */
export function sourceFamilyOf(error: unknown): SourceFamily | null {
  return isVedetteError(error) ? (FAMILY_OF[error.code] ?? null) : null;
}
