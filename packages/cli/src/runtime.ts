/** Puts broker, supervisor, source and manager together for a command. */
import { systemClock, type Logger, type LogLevel } from '@vedette/contract';
import { createBroker, EmbeddedBroker, parseBrokerUrl } from '@vedette/broker';
import {
  FileScopeStore,
  FileSource,
  MemoryScopeStore,
  MonitorsManager,
  RabbitSource,
  RoundStateStore,
  SingleManager,
  type ConfigSource,
  type StrategyRegistry,
} from '@vedette/manager';
import { logEvents, Supervisor, type Host } from '@vedette/supervisor';

export interface RuntimeOptions {
  readonly registry: StrategyRegistry;
  readonly host: Host;
  /** Null: config comes from RabbitMQ. */
  readonly file: string | null;
  /** A broker URL or `embedded`. */
  readonly broker: string;
  readonly stateFolder: string;
  readonly logger: Logger;
  readonly logLevel: LogLevel;
  readonly maxConcurrentStarts: number;
  /** Report every published message. */
  readonly isEchoed: boolean;
  /** Replaces FILE and RabbitMQ as the source. */
  readonly source?: ConfigSource;
}

export interface Runtime {
  readonly manager: MonitorsManager;
  /** Null where the config does not come from RabbitMQ: then others may run beside it. */
  readonly single: SingleManager | null;
}

export function createManager(options: RuntimeOptions): MonitorsManager {
  return createRuntime(options).manager;
}

/** Connects to the broker at once; nothing else starts before the manager is started. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { logger, registry } = options;
  const clock = systemClock;
  const address = parseBrokerUrl(options.broker);
  const broker = createBroker(address, { name: 'vedette manager', clock, random: Math.random, logger });
  // A file names its monitors itself and keeps nothing beside it.
  const states =
    options.file === null ? new RoundStateStore({ folder: options.stateFolder, clock, logger }) : null;
  const supervisor = new Supervisor({
    host: options.host,
    broker: address,
    echo: options.isEchoed,
    logLevel: options.logLevel,
    logger,
    clock,
    maxConcurrentStarts: options.maxConcurrentStarts,
    ...(states === null ? {} : { initialState: states.initialState }),
    ...(broker instanceof EmbeddedBroker ? { handleBroker: (request) => broker.handle(request) } : {}),
  });
  logEvents(supervisor, logger);
  states?.attach(supervisor);
  const source =
    options.source ??
    (options.file === null
      ? new RabbitSource({ broker, clock, logger })
      : new FileSource(options.file, registry));
  const manager = new MonitorsManager({
    broker,
    supervisor,
    registry,
    source,
    clock,
    logger,
    isStandAlone: address.type === 'embedded',
    store: options.file === null ? new FileScopeStore(options.stateFolder) : new MemoryScopeStore(),
  });
  manager.on('manager.state-changed', ({ to }) => {
    if (to === 'stopping') states?.beginStop();
    if (to === 'stopped') states?.close();
  });
  const single = options.file === null ? new SingleManager({ broker, clock, logger }) : null;
  return { manager, single };
}
