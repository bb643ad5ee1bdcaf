/** Puts the manager together as a command's options say. */
import { systemClock, type Logger, type LogLevel } from '@vedette/contract';
import {
  createManager,
  FileSource,
  SingleManager,
  type ConfigSource,
  type MonitorsManager,
  type StrategyRegistry,
} from '@vedette/manager';
import type { Host } from '@vedette/supervisor';

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

/** Connects to the broker at once; nothing else starts before the manager is started. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { registry, host, file, broker, logger, logLevel, maxConcurrentStarts, isEchoed } = options;
  const source = options.source ?? (file === null ? undefined : new FileSource(file, registry));
  const manager = createManager({
    registry,
    host,
    broker,
    logger,
    logLevel,
    maxConcurrentStarts,
    echo: isEchoed,
    ...(source === undefined ? {} : { source }),
    // A file names its monitors itself and keeps nothing beside it.
    ...(file === null ? { stateFolder: options.stateFolder } : {}),
  });
  const single =
    file === null ? new SingleManager({ broker: manager.broker, clock: systemClock, logger }) : null;
  return { manager, single };
}
