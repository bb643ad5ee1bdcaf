/** The sources of a file, asked once each, and the clock against theirs. Promise: all of it ends by its deadline. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { isVedetteError, maskUrl, type ErrorCode, type JsonValue, type MonitorSpec } from '@vedette/contract';
import { closeHttp, httpRequest, mapBounded } from '@vedette/monitor';
import { failed, ok, skipped, warning, type Finding } from './findings.js';

const AT_ONCE = 8;
/** Of an answer only its head counts. */
const MAX_BYTES = 1_048_576;
const CLOCK_WARNING_MS = 2_000;
const CLOCK_FAILED_MS = 60_000;
const MOST_NAMED = 50;

/** How one source answered. */
export interface Asked {
  readonly url: string;
  readonly status: number | null;
  /** Why it did not answer. */
  readonly problem: { readonly code: ErrorCode; readonly reason: string } | null;
  /** How far its clock is ahead of ours, milliseconds; null where it does not say. */
  readonly aheadMs: number | null;
}

export interface AskOptions {
  readonly eachMs: number;
  readonly allMs: number;
}

/** Every URL among the settings, once each, in the order of the specs. Pure. */
export function sourcesOf(specs: readonly MonitorSpec[]): string[] {
  const found = new Set<string>();
  const look = (value: JsonValue): void => {
    if (typeof value === 'string' && /^(?:https?|wss?):\/\//i.test(value) && URL.canParse(value)) {
      const url = new URL(value);
      // A template has no address of its own, its server has.
      found.add(value.includes('{') ? `${url.origin}/` : url.href);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  for (const { settings } of specs) look(settings);
  return [...found];
}

export async function askSources(urls: readonly string[], { eachMs, allMs }: AskOptions): Promise<Asked[]> {
  const end = AbortSignal.timeout(allMs);
  try {
    return await mapBounded(urls, AT_ONCE, new AbortController().signal, async (url) => {
      const left: Asked = { url, status: null, problem: null, aheadMs: null };
      if (end.aborted)
        return { ...left, problem: { code: 'SOURCE_TIMEOUT', reason: 'no time was left to ask it' } };
      try {
        return /^ws/i.test(url) ? await knocked(url, eachMs, left) : await asked(url, eachMs, end, left);
      } catch (error) {
        // What is too long or broken off has been an answer.
        if (isVedetteError(error, 'SOURCE_TOO_LARGE')) return left;
        const code = isVedetteError(error) ? error.code : 'SOURCE_TIMEOUT';
        return { ...left, problem: { code, reason: error instanceof Error ? error.message : String(error) } };
      }
    });
  } finally {
    closeHttp();
  }
}

/** What only some may read is no failure: a monitor may say more than a doctor does. Pure. */
export function judgeSources(all: readonly Asked[]): Finding[] {
  if (all.length === 0) return [skipped('sources', 'no URL among the settings')];
  const good = all.filter(({ status, problem }) => problem === null && !isOdd(status));
  const rest = all.filter((one) => !good.includes(one));
  const named = rest.slice(0, MOST_NAMED).map(({ url, status, problem }): Finding => {
    const shown = maskUrl(url);
    if (problem === null) {
      return warning('source', `${shown} answers with HTTP status ${status ?? 0}`, 'SOURCE_HTTP_STATUS');
    }
    return failed(
      'source',
      problem.reason.includes(shown) ? problem.reason : `${shown}: ${problem.reason}`,
      problem.code,
    );
  });
  const more = rest.length - named.length;
  return [
    ...(good.length > 0 ? [ok('sources', `${good.length} of ${all.length} answer`)] : []),
    ...named,
    ...(more > 0 ? [failed('source', `and ${more} more`, 'SOURCE_UNREACHABLE')] : []),
  ];
}

/** The median of what the sources say: one of them may be wrong itself. Pure. */
export function judgeClock(all: readonly Pick<Asked, 'aheadMs'>[]): Finding {
  const ahead = all.flatMap(({ aheadMs }) => (aheadMs === null ? [] : [aheadMs])).sort((a, b) => a - b);
  const median = ahead[Math.floor(ahead.length / 2)];
  if (median === undefined) return skipped('clock', 'no server that says the time was reached');
  const text = `${(Math.abs(median) / 1_000).toFixed(1)} s ${median > 0 ? 'behind' : 'ahead of'} ${ahead.length} servers`;
  if (Math.abs(median) > CLOCK_FAILED_MS) return failed('clock', text, 'DOCTOR_CLOCK_OFF');
  if (Math.abs(median) > CLOCK_WARNING_MS) return warning('clock', text, 'DOCTOR_CLOCK_OFF');
  return ok('clock', `as that of ${ahead.length} server${ahead.length === 1 ? '' : 's'}`);
}

/** A `Date` of whole seconds, against the middle of the time its answer took. Pure. */
export function aheadOf(date: unknown, age: unknown, sentAt: number, gotAt: number): number | null {
  // A copy out of a cache tells when it was made.
  const at = typeof date === 'string' && age === undefined ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(at)) return null;
  const [earliest, latest] = [sentAt, gotAt];
  if (at + 1_000 < earliest) return at + 1_000 - earliest;
  return at > latest ? at - latest : 0;
}

function isOdd(status: number | null): boolean {
  return status !== null && (status === 401 || status === 403 || status === 429 || status >= 500);
}

async function asked(url: string, timeoutMs: number, signal: AbortSignal, left: Asked): Promise<Asked> {
  const sentAt = Date.now();
  const { status, headers } = await httpRequest({
    url,
    timeoutMs,
    maxBytes: MAX_BYTES,
    // Whether a certificate is good is the monitor's question; here it is whether anybody answers.
    isTlsVerified: false,
    isKeptAlive: false,
    signal,
  });
  return { ...left, status, aheadMs: aheadOf(headers['date'], headers['age'], sentAt, Date.now()) };
}

/** A WebSocket server need not answer a plain question; that it takes connections is all that is asked. */
async function knocked(url: string, timeoutMs: number, left: Asked): Promise<Asked> {
  const { hostname, port, protocol } = new URL(url);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'wss:' ? 443 : 80) : Number(port),
    signal: AbortSignal.timeout(timeoutMs),
  });
  try {
    await once(socket, 'connect');
    return left;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const code = why === 'ABORT_ERR' ? 'SOURCE_TIMEOUT' : 'SOURCE_UNREACHABLE';
    return { ...left, problem: { code, reason: `no connection: ${why}` } };
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}
