/**
 * Puts broker, supervisor, source, stores and manager together: the whole of Vedette in one call. Promise: nothing
 * but the link to the broker begins before the manager is started.
 */
import { createBroker, EmbeddedBroker, parseBrokerUrl, type AmqpBroker } from '@vedette/broker';
import { silentLogger, systemClock, type Clock, type Logger, type LogLevel } from '@vedette/contract';
import { logEvents, Supervisor, type Host, type SupervisorOptions } from '@vedette/supervisor';
import type { ConfigSource } from './intake/config-source.js';
import { RabbitSource } from './intake/rabbit-source.js';
import { MonitorsManager } from './monitors-manager.js';
import { FileScopeStore } from './store/file-scope-store.js';
import { RoundStateStore } from './store/round-state-store.js';
import { MemoryScopeStore } from './store/scope-store.js';
import type { StrategyRegistry } from './strategy-registry.js';

/** What {@link createManager} is told; all but the first two have a default. */
export interface CreateManagerOptions {
  /** The kinds it knows. */
  readonly registry: StrategyRegistry;
  /** Where monitors run: a `ThreadHost`, `ProcessHost` or `CellHost` of @vedette/supervisor. */
  readonly host: Host;
  /** `amqp://user:password@host:port/vhost`, or `embedded`: in this process, no server needed. Default `embedded`. */
  readonly broker?: string;
  /** Where config comes from, for example a `FileSource` or a `ListSource`. Default: the broker's config queues. */
  readonly source?: ConfigSource;
  /** Keeps accepted config and the state of rounds over a restart; made when missing. Default: they are not kept. */
  readonly stateFolder?: string;
  /** Monitors also report each message they published, as `message.published`. Default false. */
  readonly echo?: boolean;
  /** Gets one line per change. Default: none. */
  readonly logger?: Logger;
  /** Least urgent level the workers send. Default `info`. */
  readonly logLevel?: LogLevel;
  /** Default {@link systemClock}. */
  readonly clock?: Clock;
  /** Monitors between spawn and ready at a time. Default 8. */
  readonly maxConcurrentStarts?: number;
  /** How monitors are restarted, over the defaults. */
  readonly restart?: SupervisorOptions['restart'];
}

/**
 * A manager that is ready to be started. Connects to the broker at once, in the background. Throws BROKER_BAD_URL.
 */
export function createManager(options: CreateManagerOptions): MonitorsManager<AmqpBroker | EmbeddedBroker> {
  const { registry, host, stateFolder, maxConcurrentStarts, restart } = options;
  const { logger = silentLogger, logLevel = 'info', clock = systemClock, echo = false } = options;
  const address = parseBrokerUrl(options.broker ?? 'embedded');
  const broker = createBroker(address, { name: 'vedette manager', clock, random: Math.random, logger });
  const states =
    stateFolder === undefined ? null : new RoundStateStore({ folder: stateFolder, clock, logger });
  const supervisor = new Supervisor({
    host,
    broker: address,
    echo,
    logLevel,
    logger,
    clock,
    ...(maxConcurrentStarts === undefined ? {} : { maxConcurrentStarts }),
    ...(restart === undefined ? {} : { restart }),
    ...(states === null ? {} : { initialState: states.initialState }),
    ...(broker instanceof EmbeddedBroker ? { handleBroker: (request) => broker.handle(request) } : {}),
  });
  logEvents(supervisor, logger);
  states?.attach(supervisor);
  const manager = new MonitorsManager({
    broker,
    supervisor,
    registry,
    source: options.source ?? new RabbitSource({ broker, clock, logger }),
    clock,
    logger,
    isStandAlone: address.type === 'embedded',
    store: stateFolder === undefined ? new MemoryScopeStore() : new FileScopeStore(stateFolder),
  });
  manager.on('manager.state-changed', ({ to }) => {
    if (to === 'stopping') states?.beginStop();
    if (to === 'stopped') states?.close();
  });
  return manager;
}
