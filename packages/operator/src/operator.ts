/**
 * What an operator sees of a running manager, over HTTP. Promise: it changes nothing by itself, answers only those
 * who may ask, and its close ends within its deadline whoever is still listening.
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  serialiseError,
  silentLogger,
  systemClock,
  VedetteError,
  type Clock,
  type Logger,
} from '@vedette/contract';
import type { MonitorsManager } from '@vedette/manager';
import type { FastifyInstance } from 'fastify';
import { configEndpoints } from './api/config-endpoints.js';
import type { Endpoint } from './api/endpoint.js';
import { eventEndpoint } from './api/event-endpoint.js';
import { logEndpoint } from './api/log-endpoint.js';
import { kindEndpoints } from './api/kind-endpoints.js';
import { monitorEndpoints } from './api/monitor-endpoints.js';
import { addApiRoutes } from './api/routes.js';
import { statusEndpoint } from './api/status-endpoint.js';
import { EventClients } from './events/event-clients.js';
import { EventLog } from './events/event-log.js';
import { tellFrom } from './events/happenings.js';
import { addDashboardRoutes } from './dashboard.js';
import { guard } from './gate.js';
import { addHealthRoutes } from './health-routes.js';
import { History } from './history.js';
import { isLoopback, urlOf, type ListenAddress } from './listen-address.js';
import { Metrics } from './metrics/metrics.js';
import { addMetricsRoutes } from './metrics/routes.js';
import { RecentLogs } from './recent-logs.js';
import { createServer } from './server.js';
import { NO_TOKENS, type Tokens } from './tokens.js';

/** What an {@link Operator} serves, to whom, and where. */
export interface OperatorOptions {
  readonly manager: MonitorsManager;
  readonly listen: ListenAddress;
  /** Who may ask from elsewhere, and act. Default: nobody. */
  readonly tokens?: Tokens;
  /** Actions without a token, on loopback only. Default false. */
  readonly allowActions?: boolean;
  /** Of a built dashboard. Default: this package's own, if it is built. */
  readonly dashboardFolder?: string;
  /** What `/api/v1/logs` shows. Default: nothing but what this package logs itself. */
  readonly logs?: RecentLogs;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const DASHBOARD = fileURLToPath(new URL('../dashboard', import.meta.url));

/** A port of a manager that ends just now is free a moment later. */
const RETRY_MS = 100;

/** The HTTP server of one manager: health, metrics, API and events. */
export class Operator {
  readonly #server: FastifyInstance;
  readonly #options: Required<OperatorOptions>;
  readonly #metrics: Metrics;
  readonly #clients: EventClients;
  readonly #stopWatching: () => void;
  #closing: Promise<void> | null = null;

  constructor(options: OperatorOptions) {
    this.#options = {
      tokens: NO_TOKENS,
      allowActions: false,
      clock: systemClock,
      logger: silentLogger,
      dashboardFolder: DASHBOARD,
      ...withLogs(options),
    };
    const {
      logs,
      manager,
      listen: address,
      tokens,
      allowActions,
      clock,
      logger,
      dashboardFolder,
    } = this.#options;
    this.#server = createServer(logger);
    guard(this.#server, { tokens, allowActions, clock, isLoopback: isLoopback(address.host) });
    this.#metrics = new Metrics(manager, clock);
    addHealthRoutes(this.#server, manager);
    addMetricsRoutes(this.#server, this.#metrics);
    const { clients: clientGauge, dropped } = this.#metrics.instruments;
    const log = new EventLog(() => clock.now(), randomBytes(6).toString('hex'));
    this.#clients = new EventClients({
      log,
      clock,
      logger,
      onDropped: (reason) => {
        dropped.inc({ reason });
      },
    });
    this.#metrics.onRender(() => {
      clientGauge.set(this.#clients.size);
    });
    const history = new History(manager.supervisor, clock);
    const stopListening = tellFrom(manager, log.note);
    this.#stopWatching = () => {
      history.stop();
      stopListening();
      this.#metrics.stop();
    };
    const actionsNeedToken = !(allowActions && isLoopback(address.host));
    const endpoints: Endpoint[] = [
      statusEndpoint({ manager, clock, version, actionsNeedToken, eventClients: () => this.#clients.size }),
      ...monitorEndpoints(manager, history),
      ...configEndpoints(manager),
      ...kindEndpoints(manager),
      logEndpoint(logs),
      eventEndpoint(this.#clients),
    ];
    addApiRoutes(this.#server, endpoints, version);
    addDashboardRoutes(this.#server, dashboardFolder);
  }

  /** For tests and for those who serve it themselves. */
  get server(): FastifyInstance {
    return this.#server;
  }

  /**
   * Begins to answer; resolves with the URL. A taken port is tried again for `retryMs` (default: not).
   * Rejects with LISTEN_NEEDS_TOKEN, LISTEN_ADDRESS_IN_USE or LISTEN_FAILED.
   */
  async listen(retryMs = 0): Promise<string> {
    const { listen, tokens, clock } = this.#options;
    const needsToken = (host: string): boolean => !isLoopback(host) && !tokens.areUsed;
    if (needsToken(listen.host)) throw tokenNeeded(listen);
    await this.#server.ready();
    const deadline = clock.monotonic() + retryMs;
    for (;;) {
      try {
        await this.#listenOnce();
        break;
      } catch (error) {
        const coded = listenError(listen, error);
        if (coded.code !== 'LISTEN_ADDRESS_IN_USE' || clock.monotonic() >= deadline) throw coded;
        await new Promise<void>((resolve) => {
          clock.after(RETRY_MS, resolve);
        });
      }
    }
    this.#server.server.on('error', (error) => {
      const fields = { component: 'operator', err: serialiseError(error) };
      this.#options.logger.log('warn', 'A connection could not be accepted', fields);
    });
    const { address, port } = this.#server.server.address() as AddressInfo;
    // A name such as localhost may lead elsewhere.
    if (needsToken(address)) {
      await this.close();
      throw tokenNeeded({ host: address, port });
    }
    return urlOf({ host: address, port });
  }

  /** Ends every connection, also of those who still listen. Idempotent, never rejects. */
  close(deadlineMs = 1_000): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Not through the framework: a failed try would leave it unable to try again. */
  #listenOnce(): Promise<void> {
    const { server } = this.#server;
    const { host, port } = this.#options.listen;
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => {
        server.off('listening', onListening);
        reject(error);
      };
      const onListening = (): void => {
        server.off('error', onError);
        resolve();
      };
      server.once('error', onError);
      server.once('listening', onListening);
      server.listen({ host, port });
    });
  }

  async #close(deadlineMs: number): Promise<void> {
    const { clock } = this.#options;
    const { server } = this.#server;
    this.#stopWatching();
    this.#clients.close();
    // The last words leave before their sockets are closed.
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(deadlineMs, resolve);
    });
    const ended = new Promise<void>((resolve) => {
      if (!server.listening) {
        resolve();
        return;
      }
      server.close(() => {
        resolve();
      });
    });
    server.closeAllConnections();
    await Promise.race([Promise.all([ended, this.#server.close()]).catch(() => undefined), late]);
    cancel();
  }
}

/** Where nobody keeps the log, at least our own part of it is kept. */
function withLogs(options: OperatorOptions): OperatorOptions & { readonly logs: RecentLogs } {
  if (options.logs !== undefined) return { ...options, logs: options.logs };
  const logs = new RecentLogs(options.clock);
  return { ...options, logs, logger: logs.keeping(options.logger ?? silentLogger) };
}

function tokenNeeded(listen: ListenAddress): VedetteError {
  return new VedetteError(
    'LISTEN_NEEDS_TOKEN',
    `${urlOf(listen)} can be reached by others and no token is set`,
  );
}

function listenError(listen: ListenAddress, error: unknown): VedetteError {
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const code = why === 'EADDRINUSE' ? 'LISTEN_ADDRESS_IN_USE' : 'LISTEN_FAILED';
  return new VedetteError(code, `cannot listen on ${urlOf(listen)}: ${why}`, { cause: error });
}
