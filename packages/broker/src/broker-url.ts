/** Reads `--broker`: an AMQP URL or the word `embedded`. Promise: what it refuses is masked in the error. */
import { maskUrl, VedetteError, type BrokerAddress } from '@vedette/contract';
import { DEFAULT_CONFIRM_TIMEOUT_MS, DEFAULT_HEARTBEAT_SECONDS } from './defaults.js';

/**
 * `amqp://`, `amqps://` or `embedded`. Missing user and password mean `guest`, a missing port 5672 or 5671, a
 * missing path the virtual host `/`. `?heartbeat=SECONDS` (1 to 600) sets the AMQP heartbeat, default 10.
 * Throws BROKER_BAD_URL.
 */
export function parseBrokerUrl(
  text: string,
  confirmTimeoutMs: number = DEFAULT_CONFIRM_TIMEOUT_MS,
): BrokerAddress {
  if (text.trim() === 'embedded') return { type: 'embedded', confirmTimeoutMs };
  const url = readUrl(text);
  const given = url.searchParams.get('heartbeat');
  const heartbeatSeconds = given === null ? DEFAULT_HEARTBEAT_SECONDS : Number(given);
  if (!Number.isInteger(heartbeatSeconds) || heartbeatSeconds < 1 || heartbeatSeconds > 600) {
    throw badUrl(text, 'heartbeat must be whole seconds from 1 to 600');
  }
  return { type: 'amqp', url: url.href, heartbeatSeconds, confirmTimeoutMs };
}

/** What a connection needs, decoded; holds the password, so it is never logged. */
export interface AmqpTarget {
  readonly protocol: 'amqp' | 'amqps';
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Percent-encoded: amqplib decodes it once more. */
  readonly vhost: string;
}

/** Throws BROKER_BAD_URL. */
export function amqpTarget(text: string): AmqpTarget {
  const url = readUrl(text);
  const isPlain = url.protocol === 'amqp:';
  const hasUser = url.username !== '' || url.password !== '';
  return {
    protocol: isPlain ? 'amqp' : 'amqps',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isPlain ? 5672 : 5671) : Number(url.port),
    username: hasUser ? decode(url.username) : 'guest',
    password: hasUser ? decode(url.password) : 'guest',
    vhost: url.pathname.length > 1 ? url.pathname.slice(1) : '%2F',
  };
}

function readUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw badUrl(text, 'it is not a URL');
  }
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:')
    throw badUrl(text, 'it is not amqp:// or amqps://');
  if (url.hostname === '') throw badUrl(text, 'it names no host');
  return url;
}

function badUrl(text: string, why: string): VedetteError {
  return new VedetteError('BROKER_BAD_URL', `The broker URL ${maskUrl(text)} cannot be used: ${why}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
