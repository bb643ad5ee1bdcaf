/** A list the program itself keeps as config source. A bad list changes nothing and says why. */
import type { JsonObject, MonitorSpec } from '@vedette/contract';
import type { StrategyRegistry } from '../strategy-registry.js';
import type { ConfigSink, ConfigSource } from './config-source.js';
import { parseConfigFile } from './file-config.js';
import { ConfigFileError } from './file-source.js';

const SCOPE = 'list';

/** For a program that knows its monitorables: `list.set([{ kind, id, settings }])`, as often as it likes. */
export class ListSource implements ConfigSource {
  readonly #registry: StrategyRegistry;
  #specs: readonly MonitorSpec[] = [];
  #sink: ConfigSink | null = null;

  constructor(registry: StrategyRegistry) {
    this.#registry = registry;
  }

  /**
   * The complete list, each entry as under `monitors:` of a config file. What is in it starts or goes on, what is not
   * stops. Throws {@link ConfigFileError} with all problems at once; then nothing has changed.
   */
  set(monitors: readonly JsonObject[]): void {
    // One line per entry, so that a problem's line tells which: JSON is YAML.
    const lines = monitors.map((one) => JSON.stringify(one));
    const { specs, problems } = parseConfigFile(`{"monitors":[\n${lines.join(',\n')}\n]}`, this.#registry);
    if (problems.length > 0) {
      const inList = problems.map((one) => ({ ...one, line: one.line === null ? null : one.line - 1 }));
      throw new ConfigFileError('the list', inList);
    }
    this.#specs = specs;
    this.#sink?.acceptSpecs(SCOPE, specs);
  }

  start(sink: ConfigSink): Promise<void> {
    this.#sink = sink;
    sink.acceptSpecs(SCOPE, this.#specs);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#sink = null;
    return Promise.resolve();
  }
}
