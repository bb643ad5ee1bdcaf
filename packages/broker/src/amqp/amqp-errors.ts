/** Makes coded errors of what amqplib and sockets throw. Promise: no credential is in any of them. */
import { isVedetteError, maskText, VedetteError, type ErrorCode } from '@vedette/contract';

/** AMQP reply codes that say "not you, not here": access refused, and a virtual host that is not ours. */
const ACCESS_CODES = new Set([403, 530]);

/** Why a connection could not be opened. */
export function connectError(error: unknown, where: string): VedetteError {
  if (isVedetteError(error)) return error;
  const reason = reasonOf(error);
  // A virtual host is refused where amqplib expects `open-ok`; its error names the frame, not the code.
  const isRefused = ACCESS_CODES.has(replyCode(error) ?? 0) || /Expected ConnectionOpenOk/.test(reason);
  const code: ErrorCode = isRefused ? 'BROKER_ACCESS_REFUSED' : 'BROKER_UNREACHABLE';
  const sentence = isRefused ? 'refused the user, the password or the virtual host' : 'cannot be reached';
  return new VedetteError(code, `The broker at ${where} ${sentence}: ${reason}`, { details: { reason } });
}

/** Why an open connection ended. */
export function lostError(error: unknown, where: string): VedetteError {
  if (isVedetteError(error)) return error;
  const reason = error === undefined || error === null ? 'it was closed' : reasonOf(error);
  return new VedetteError(
    'BROKER_CONNECTION_LOST',
    `The connection to the broker at ${where} was lost: ${reason}`,
    {
      details: { reason },
    },
  );
}

/** Why the broker refused a declaration or a consumer; `what` names it, for example `queue "a"`. */
export function refusedError(error: unknown, what: string): VedetteError {
  const reason = reasonOf(error);
  const code: ErrorCode = replyCode(error) === 403 ? 'BROKER_ACCESS_REFUSED' : 'BROKER_TOPOLOGY_REFUSED';
  return new VedetteError(code, `The broker refused ${what}: ${reason}`, { details: { what, reason } });
}

/** The AMQP reply code of a closed channel or connection, or null. */
export function replyCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'number') return error.code;
  // Errors of the opening handshake carry the code only in their text.
  const match = /\b(\d{3}) \([A-Z-]+\) with message/.exec('message' in error ? String(error.message) : '');
  return match === null ? null : Number(match[1]);
}

/** The exchange a closed channel complains about, or null. */
export function exchangeOf(error: unknown): string | null {
  const match = /\bexchange '([^']*)' in vhost/.exec(reasonOf(error));
  return match?.[1] ?? null;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const system = (error as NodeJS.ErrnoException).code;
  // A refused connection to a name with several addresses has an empty message and only a code.
  const text = error.message === '' ? (system ?? error.name) : error.message;
  return maskText(text).slice(0, 300);
}
