/**
 * Keeps PANIC's UI told of what is monitored, under the names of the six old managers. Promise: told after the
 * state is stored, complete lists only, and never at shutdown, on a ping or for a restart.
 */
import { FAMILIES, type Clock, type Family, type Logger, type MonitorSpec } from '@vedette/contract';
import { chainOf } from '@vedette/contract/strategy';
import type { Broker } from '@vedette/broker';
import type { Changes } from '@vedette/supervisor';
import type { ManagerCounters } from './counters.js';
import { DEADLINE_MS, MonitorablesGate, QUIET_MS, type Intake } from './monitorables-gate.js';
import { isSilentRepeat, isToldOf, monitorableMessages, type Pair } from './monitorables-messages.js';
import { MonitorablesSender } from './monitorables-sender.js';
import type { StrategyRegistry } from './strategy-registry.js';

export interface MonitorablesOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters: ManagerCounters;
  readonly registry: StrategyRegistry;
  /** Nobody of PANIC is there to be told. */
  readonly isMuted: boolean;
  /** What is wanted now. */
  readonly wanted: () => readonly MonitorSpec[];
  /** Default 12,000: see {@link MonitorablesGate}. */
  readonly quietMs?: number | undefined;
  /** Default 300,000. */
  readonly deadlineMs?: number | undefined;
}

export interface TakenConfig {
  readonly family: Family;
  readonly routingKey: string;
  /** What this routing key stood for until now. */
  readonly before?: readonly MonitorSpec[];
  readonly after?: readonly MonitorSpec[];
}

export class Monitorables {
  readonly #options: MonitorablesOptions;
  readonly #gate: MonitorablesGate;
  readonly #sender: MonitorablesSender;
  readonly #offLink: () => void;
  /** Ids in the order they were started, as in the process tables of the old managers. */
  readonly #started = new Set<string>();
  #intake: Intake = { isReading: true, unsettled: 0 };

  constructor(options: MonitorablesOptions) {
    const { broker, clock, logger, counters } = options;
    this.#options = options;
    this.#sender = new MonitorablesSender({
      broker,
      clock,
      logger,
      onConfirmed: () => {
        counters.monitorables += 1;
      },
    });
    this.#gate = new MonitorablesGate({
      clock,
      quietMs: options.quietMs ?? QUIET_MS,
      deadlineMs: options.deadlineMs ?? DEADLINE_MS,
      onOpen: (pairs) => {
        logger.log('info', 'Configs taken as complete, monitorables told', {
          component: 'monitorables',
          pairs: pairs.map(({ family, baseChain }) => `${family} ${baseChain}`),
        });
        for (const pair of pairs) void this.#send(pair);
      },
    });
    this.#offLink = broker.onLinkChanged(() => {
      this.noteIntake(this.#intake);
    });
  }

  /** Messages that wait for their confirm, of lists that may go out. */
  get waiting(): number {
    return this.#sender.size;
  }

  noteChanges({ started, stopped }: Changes): void {
    for (const id of stopped) this.#started.delete(id);
    for (const id of started) this.#started.add(id);
  }

  /** While the link is down nothing is read, whatever the source says. */
  noteIntake(intake: Intake): void {
    this.#intake = intake;
    this.#gate.note({ ...intake, isReading: intake.isReading && this.#options.broker.link === 'connected' });
  }

  /**
   * A config message was stored. Resolves when the lists that follow from it are confirmed; at once where there
   * are none or they are held back, and in 2 s at the latest where they are left to be sent again. Never
   * rejects. Without `before` and `after` it was stored in an earlier life.
   */
  async taken(config: TakenConfig): Promise<void> {
    const { family, routingKey, before = [], after = [] } = config;
    const { isMuted, registry } = this.#options;
    if (isMuted || isSilentRepeat(family, before, after)) return;
    if (!isToldOf(family, routingKey, registry.matching(family, routingKey).length > 0)) return;
    const pair = { family, baseChain: chainOf(routingKey).baseChain };
    if (this.#gate.admit(pair)) await this.#send(pair);
  }

  stop(): void {
    this.#offLink();
    this.#gate.close();
    this.#sender.stop();
  }

  #send(pair: Pair): Promise<void> {
    const wanted = new Map(this.#options.wanted().map((spec) => [spec.id, spec]));
    const inOrder = [...this.#started].flatMap((id) => wanted.get(id) ?? []);
    return this.#sender.send(FAMILIES[pair.family].managerName, monitorableMessages(pair, inOrder));
  }
}
