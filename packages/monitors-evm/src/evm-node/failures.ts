/**
 * Which failure of an EVM node is published under which code (panic-monitors-contract 10.6, 10.7).
 *
 * PANIC goes silent on the rows marked *. Its alerters react to 5009 (told with our sentence) and 5015
 * (the node counts as down, told after the operator's own delays); 5005 reaches nobody and declares an
 * earlier alert solved. So: a node that gives no answer, or says it cannot serve now, is down for those
 * who need it: 5015. An address that answers, but not as this node's JSON-RPC, is a wrong address: 5009.
 *
 * | failure | code |
 * | --- | --- |
 * | nobody answers, TLS fails, no full answer within 2 s | 5015 |
 * | HTTP 408, 429 or 5xx *: overloaded, limited, or a proxy before a dead node | 5015 |
 * | JSON-RPC error * (limit exceeded, internal error, header not found) | 5015 |
 * | the answer breaks off | 5005 |
 * | no usable URL; a redirect to another host or in a circle * | 5009 |
 * | other HTTP statuses * (401, 403, 404): access refused or no RPC there | 5009 |
 * | JSON-RPC error -32601 *: the method is not served there | 5009 |
 * | not JSON, not JSON-RPC, a null or senseless result *, an answer beyond the size limit * | 5009 |
 */
import { isVedetteError, maskUrl, type VedetteError } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';

const METHOD_NOT_FOUND = -32601;

/** Null for an error that is not the source's: it must be thrown on. */
export function evmFailure(error: unknown, monitor: MonitorIdentity, url: string): ReportedFailure | null {
  switch (sourceFamilyOf(error)) {
    case 'unreachable':
      return { code: PANIC_ERRORS.nodeDown, message: `Node ${monitor.name} is unreachable` };
    case 'broken-off':
      return {
        code: PANIC_ERRORS.dataReading,
        message: `${monitor.componentName} could not read the whole answer of ${monitor.name}`,
      };
    case 'bad-url':
      return { code: PANIC_ERRORS.invalidUrl, message: `The node URL ${maskUrl(url)} cannot be used` };
    case 'unusable':
      return isVedetteError(error) && isCannotServe(error)
        ? { code: PANIC_ERRORS.nodeDown, message: `Node ${monitor.name} cannot serve: ${error.message}` }
        : {
            code: PANIC_ERRORS.invalidUrl,
            message: `The node URL ${maskUrl(url)} does not give what is needed: ${(error as Error).message}`,
          };
    case null:
      return null;
  }
}

function isCannotServe(error: VedetteError): boolean {
  const { status, rpcCode } = error.details;
  if (error.code !== 'SOURCE_HTTP_STATUS') return false;
  if (rpcCode !== undefined) return rpcCode !== METHOD_NOT_FOUND;
  return typeof status === 'number' && (status === 408 || status === 429 || status >= 500);
}
