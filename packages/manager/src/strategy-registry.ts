/** Which kinds there are, and which strategy answers a config message. An object passed in, never global. */
import {
  isTopicMatch,
  readsNodesOf,
  VedetteError,
  type ConfigMessage,
  type Family,
  type JsonObject,
  type JsonValue,
  type ParsedConfig,
  type Refusal,
} from '@vedette/contract';
import {
  chainOf,
  refusal,
  type Monitorable,
  type MonitorStrategy,
  type ParseOptions,
} from '@vedette/contract/strategy';

/** What the surroundings say for all monitorables. */
export interface RegistryOptions {
  /** Period by kind, milliseconds; overrides a strategy's default. */
  readonly periodMs?: Readonly<Record<string, number>>;
  readonly allowUrlCredentials?: boolean;
  /** Settings by kind and native name, for monitorables that do not say them themselves. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The kinds a manager knows. An object passed in, never global. */
export class StrategyRegistry {
  readonly #strategies = new Map<string, MonitorStrategy>();
  readonly #options: RegistryOptions;

  constructor(strategies: Iterable<MonitorStrategy> = [], options: RegistryOptions = {}) {
    this.#options = options;
    for (const strategy of strategies) this.register(strategy);
  }

  /** Throws STRATEGY_DUPLICATE_KIND. */
  register(strategy: MonitorStrategy): this {
    if (this.#strategies.has(strategy.kind)) {
      throw new VedetteError('STRATEGY_DUPLICATE_KIND', `Kind ${strategy.kind} is registered already`, {
        details: { kind: strategy.kind },
      });
    }
    this.#strategies.set(strategy.kind, strategy);
    return this;
  }

  get(kind: string): MonitorStrategy | undefined {
    return this.#strategies.get(kind);
  }

  list(): MonitorStrategy[] {
    return [...this.#strategies.values()];
  }

  /** The strategies of one of PANIC's managers that answer a routing key. */
  matching(family: Family, routingKey: string): MonitorStrategy[] {
    return this.list().filter(
      (strategy) =>
        strategy.family === family && strategy.routingKeys.some((key) => isTopicMatch(key, routingKey)),
    );
  }

  /** All that the matching strategies make of one message. Never throws. */
  parse(message: ConfigMessage): ParsedConfig {
    const entries = Object.keys(message.body).length;
    const strategies = this.matching(message.family, message.routingKey);
    if (strategies.length === 0) {
      const reason = `no strategy watches ${message.routingKey} for ${message.family} monitors`;
      const refusals =
        entries === 0 || isNoneOfItsBusiness(message)
          ? []
          : [refusal('CONFIG_UNKNOWN_KIND', null, null, reason)];
      return { specs: [], refusals, unwatched: [] };
    }
    const parts = strategies.map((strategy) => this.#parseWith(strategy, message));
    return {
      specs: parts.flatMap((part) => part.specs),
      refusals: parts.flatMap((part) => part.refusals),
      unwatched: parts.flatMap((part) => part.unwatched),
    };
  }

  /** A monitorable in Vedette's own form. Never throws. */
  declare(monitorable: Monitorable): ReturnType<MonitorStrategy['declare']> {
    const strategy = this.#strategies.get(monitorable.kind);
    if (strategy === undefined) {
      const known = [...this.#strategies.keys()].join(', ');
      const reason = `kind ${JSON.stringify(monitorable.kind.slice(0, 80))} is not one of ${known}`;
      return { spec: null, refusals: [refusal('CONFIG_UNKNOWN_KIND', monitorable.id, 'kind', reason)] };
    }
    return strategy.declare(monitorable, this.#parseOptions(strategy));
  }

  #parseWith(strategy: MonitorStrategy, message: ConfigMessage): ParsedConfig {
    const options = this.#parseOptions(strategy);
    const attempt = (body: JsonObject): ParsedConfig | { readonly thrown: string } => {
      try {
        return strategy.parse({ ...message, body }, options);
      } catch (error) {
        return { thrown: error instanceof Error ? error.name : 'a value' };
      }
    };
    const whole = attempt(message.body);
    if (!('thrown' in whole)) return whole;
    // What it can read must not be lost over what it cannot: the entries it throws over are found one by one.
    const readable: [string, JsonValue][] = [];
    const refusals: Refusal[] = [];
    const refuse = (configId: string, thrown: string): void => {
      const reason = `the strategy of ${strategy.kind} threw ${thrown}`;
      refusals.push(refusal('STRATEGY_FAILED', configId, null, reason));
    };
    for (const [configId, entry] of Object.entries(message.body)) {
      const alone = attempt({ [configId]: entry });
      if ('thrown' in alone) refuse(configId, alone.thrown);
      else readable.push([configId, entry]);
    }
    const rest = attempt(Object.fromEntries(readable));
    if (!('thrown' in rest)) return { ...rest, refusals: [...refusals, ...rest.refusals] };
    for (const [configId] of readable) refuse(configId, rest.thrown);
    return { specs: [], refusals, unwatched: [] };
  }

  #parseOptions(strategy: MonitorStrategy): ParseOptions {
    return {
      periodMs: this.#options.periodMs?.[strategy.kind],
      allowUrlCredentials: this.#options.allowUrlCredentials,
      settings: this.#options.settings?.[strategy.kind],
    };
  }
}

/**
 * Each `nodes_config` comes in four copies, and PANIC's contract and network managers pass over those of other
 * base chains. One of a base chain nobody knows is refused once, for the node manager.
 */
function isNoneOfItsBusiness({ family, routingKey }: ConfigMessage): boolean {
  if (family === 'node' || !/\.nodes_config$/i.test(routingKey)) return false;
  return !readsNodesOf(family, chainOf(routingKey).baseChain);
}
