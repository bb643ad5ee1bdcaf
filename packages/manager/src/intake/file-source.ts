/** A watched file as config source. A bad edit keeps the last good set and says why. */
import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { VedetteError, type Refusal } from '@vedette/contract';
import { refusal } from '@vedette/contract/strategy';
import type { StrategyRegistry } from '../strategy-registry.js';
import type { ConfigSink, ConfigSource } from './config-source.js';
import { parseConfigFile, type FileProblem } from './file-config.js';

const SCOPE = 'file';
/** Looking at the file's times works for every editor, for renames, links and mounted config maps. */
const LOOK_EVERY_MS = 300;

/** Thrown by `start()`: the file is wrong before anything runs. */
export class ConfigFileError extends VedetteError {
  readonly problems: readonly FileProblem[];

  constructor(path: string, problems: readonly FileProblem[]) {
    const [first] = problems;
    super(first?.code ?? 'CONFIG_FILE_SYNTAX', `${path} has ${problems.length} problem(s)`, {
      details: { file: path },
    });
    this.problems = problems;
  }
}

/** A config file as source, watched. A bad edit keeps the last good set and says why. */
export class FileSource implements ConfigSource {
  readonly #path: string;
  readonly #registry: StrategyRegistry;
  #lastText: string | null = null;
  #sink: ConfigSink | null = null;
  #line: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(path: string, registry: StrategyRegistry) {
    this.#path = path;
    this.#registry = registry;
  }

  /** Rejects with {@link ConfigFileError}. */
  async start(sink: ConfigSink): Promise<void> {
    const { text, problems } = await this.#read();
    if (text === null) throw new ConfigFileError(this.#path, problems);
    const config = parseConfigFile(text, this.#registry);
    if (config.problems.length > 0) throw new ConfigFileError(this.#path, config.problems);
    this.#lastText = text;
    this.#sink = sink;
    sink.acceptSpecs(SCOPE, config.specs);
    sink.reportIntake({ isReading: true, unsettled: 0 });
    watchFile(this.#path, { interval: LOOK_EVERY_MS, persistent: false }, () => {
      this.#line = this.#line.then(() => this.#look(sink));
    });
    // An edit after the first look and before the watch knows the file's times is one it never tells of.
    this.#line = this.#line.then(() => this.#look(sink));
  }

  /** Also a file that has not changed, so that its problems are told again. */
  async reload(): Promise<readonly Refusal[]> {
    const sink = this.#sink;
    if (sink === null) return [];
    const taken = this.#line.then(() => {
      this.#lastText = null;
      return this.#look(sink);
    });
    this.#line = taken.then(() => undefined);
    return taken;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    unwatchFile(this.#path);
    await this.#line;
  }

  async #look(sink: ConfigSink): Promise<readonly Refusal[]> {
    const { text, problems: unread } = await this.#read();
    if (this.#isStopped || (text !== null && text === this.#lastText)) return [];
    this.#lastText = text;
    const { specs, problems } =
      text === null ? { specs: [], problems: unread } : parseConfigFile(text, this.#registry);
    if (problems.length > 0) sink.reportRefusals(SCOPE, problems);
    else sink.acceptSpecs(SCOPE, specs);
    return problems;
  }

  async #read(): Promise<{ text: string | null; problems: readonly FileProblem[] }> {
    try {
      return { text: await readFile(this.#path, 'utf8'), problems: [] };
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      const problem = refusal('CONFIG_FILE_UNREADABLE', null, null, `${this.#path}: ${why}`);
      return { text: null, problems: [{ ...problem, line: null, column: null }] };
    }
  }
}
