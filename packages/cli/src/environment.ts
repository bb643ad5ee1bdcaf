/** Settings from the environment: PANIC's names where they exist, `VEDETTE_*` otherwise. Flags win. */
import { LOG_LEVELS, type LogLevel } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { CommandFailure, EXIT } from './exit-codes.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable the command reads beside those of kinds, and what it says. docs/configuration.md is made of it. */
export const VARIABLES: Readonly<Record<string, string>> = {
  VEDETTE_BROKER: 'The broker, as `--broker`',
  RABBIT_IP:
    'Host of the broker where `VEDETTE_BROKER` is not set: `amqp://guest:guest@RABBIT_IP:RABBIT_PORT`',
  RABBIT_PORT: 'Its port, default 5672',
  VEDETTE_STATE: 'Folder of accepted config, as `--state`; default `.vedette`',
  VEDETTE_LOG_LEVEL: '`error`, `warn`, `info` or `debug`, as `--log-level`; default `info`',
  LOGGING_LEVEL: "The same in Python's words, where `VEDETTE_LOG_LEVEL` is not set",
  VEDETTE_ALLOW_URL_CREDENTIALS:
    '`true`: URLs in config may hold `user:password@`, which are refused otherwise',
  VEDETTE_LISTEN: 'Where health, metrics and API answer, as `--listen`; default `127.0.0.1:9464`',
  VEDETTE_API_TOKEN: 'A bearer token of the API; `--token-file` holds several',
  NOTIFY_SOCKET:
    'Set by systemd for a service of `Type=notify`: `vedette run` says there that it is ready, and how it is',
  WATCHDOG_USEC:
    'Set by systemd where the unit has `WatchdogSec=`: beats of the main loop go to `NOTIFY_SOCKET`',
  WATCHDOG_PID: 'Set by systemd: the process whose beats it wants',
  NO_COLOR: 'Set to anything: no colours',
};

/** Periods by kind, milliseconds, from the kinds' own variables (`NODE_MONITOR_PERIOD_SECONDS`, …). */
export function periodsFrom(
  env: Environment,
  strategies: readonly MonitorStrategy[],
): Readonly<Record<string, number>> {
  const periods: Record<string, number> = {};
  for (const { kind, period } of strategies) {
    const text = env[period.env];
    if (text === undefined || text === '') continue;
    const seconds = Number(text);
    if (!Number.isFinite(seconds) || seconds <= 0) {
      throw new CommandFailure(EXIT.usage, `${period.env} is not a number of seconds: ${text.slice(0, 40)}`);
    }
    periods[kind] = Math.round(seconds * 1000);
  }
  return periods;
}

/**
 * Settings by kind, from the variables kinds name (`GITHUB_TOKEN`, …). One the kind's own schema refuses ends
 * the command: it would else be refused once per monitorable, and nobody would think of the environment.
 */
export function settingsFrom(
  env: Environment,
  strategies: readonly MonitorStrategy[],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const all: Record<string, Record<string, string>> = {};
  for (const strategy of strategies) {
    for (const [setting, variable] of Object.entries(strategy.environment ?? {})) {
      const text = env[variable];
      if (text === undefined || text === '') continue;
      const problem = problemOf(strategy, setting, text, isTrue(env['VEDETTE_ALLOW_URL_CREDENTIALS']));
      if (problem !== null) throw new CommandFailure(EXIT.usage, `${variable} cannot be used: ${problem}`);
      (all[strategy.kind] ??= {})[setting] = text;
    }
  }
  return all;
}

function problemOf(
  strategy: MonitorStrategy,
  setting: string,
  text: string,
  allowUrlCredentials: boolean,
): string | null {
  const { kind, example } = strategy;
  const [id, chain, parentId] = ['environment', 'general', 'GENERAL'];
  const settings = { ...example, [setting]: text };
  const { refusals } = strategy.declare(
    { kind, id, name: id, chain, baseChain: chain, parentId, periodMs: null, limits: {}, settings },
    { allowUrlCredentials },
  );
  return refusals[0]?.reason ?? null;
}

/** `VEDETTE_BROKER`, else PANIC's `RABBIT_IP` on the standard port; null if neither is set. */
export function brokerFrom(env: Environment): string | null {
  const url = env['VEDETTE_BROKER'];
  if (url !== undefined && url !== '') return url;
  const host = env['RABBIT_IP'];
  if (host === undefined || host === '') return null;
  const literal = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `amqp://guest:guest@${literal}:${env['RABBIT_PORT'] ?? '5672'}`;
}

/** `VEDETTE_LOG_LEVEL`, else PANIC's `LOGGING_LEVEL` (Python's words). */
export function logLevelFrom(env: Environment): LogLevel {
  const word = (env['VEDETTE_LOG_LEVEL'] ?? env['LOGGING_LEVEL'] ?? 'info').toLowerCase();
  if (word === 'warning') return 'warn';
  if (word === 'critical') return 'error';
  return LOG_LEVELS.find((level) => level === word) ?? 'info';
}

export function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 'true', 'yes'].includes(text.toLowerCase());
}
