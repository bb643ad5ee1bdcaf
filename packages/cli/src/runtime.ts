/** Puts broker, supervisor, source and manager together for a command. */
import { systemClock, type Logger, type LogLevel } from '@vedette/contract';
import { createBroker, EmbeddedBroker, parseBrokerUrl } from '@vedette/broker';
import {
  FileScopeStore,
  FileSource,
  MemoryScopeStore,
  MonitorsManager,
  RabbitSource,
  type ConfigSource,
  type StrategyRegistry,
} from '@vedette/manager';
import { logEvents, Supervisor, ThreadHost } from '@vedette/supervisor';

export interface RuntimeOptions {
  readonly registry: StrategyRegistry;
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

export function createManager(options: RuntimeOptions): MonitorsManager {
  const { logger, registry } = options;
  const clock = systemClock;
  const address = parseBrokerUrl(options.broker);
  const broker = createBroker(address, { name: 'vedette manager', clock, random: Math.random, logger });
  const supervisor = new Supervisor({
    host: new ThreadHost({ entry: new URL(import.meta.resolve('@vedette/monitor/entry')) }),
    broker: address,
    echo: options.isEchoed,
    logLevel: options.logLevel,
    logger,
    clock,
    maxConcurrentStarts: options.maxConcurrentStarts,
    ...(broker instanceof EmbeddedBroker ? { handleBroker: (request) => broker.handle(request) } : {}),
  });
  logEvents(supervisor, logger);
  const source =
    options.source ??
    (options.file === null
      ? new RabbitSource({ broker, clock, logger })
      : new FileSource(options.file, registry));
  return new MonitorsManager({
    broker,
    supervisor,
    registry,
    source,
    clock,
    logger,
    isStandAlone: address.type === 'embedded',
    store: options.file === null ? new FileScopeStore(options.stateFolder) : new MemoryScopeStore(),
  });
}
