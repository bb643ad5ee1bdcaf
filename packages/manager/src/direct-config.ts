/**
 * Config that comes from an operator instead of a queue. Promise: a plan changes nothing, and what is applied goes
 * the way of a message: stored, then started.
 */
import {
  FAMILIES,
  FAMILY_NAMES,
  isTopicMatch,
  VedetteError,
  type Family,
  type MonitorSpec,
  type Refusal,
} from '@vedette/contract';
import type { Changes } from '@vedette/supervisor';
import type { Verdict } from './intake/config-source.js';
import { scopeOf } from './intake/interpret.js';
import type { Preview } from './wanted-state.js';

/** What a message would change, or has changed, for one of PANIC's managers. */
export interface ConfigPlan {
  readonly scope: string;
  /** False: the message as a whole cannot be used, nothing changes. */
  readonly isUsable: boolean;
  readonly changes: Changes;
  readonly refusals: readonly Refusal[];
}

/** What {@link DirectConfig} acts on. */
export interface DirectConfigParts {
  readonly preview: (family: Family, routingKey: string, content: Uint8Array) => Preview;
  readonly plan: (specs: readonly MonitorSpec[]) => Changes;
  readonly accept: (family: Family, routingKey: string, content: Uint8Array) => Promise<Verdict>;
  readonly isRunning: () => boolean;
  /** Present where the config comes from a file. */
  readonly reload: (() => Promise<readonly Refusal[]>) | null;
}

const NOTHING: Changes = { started: [], restarted: [], stopped: [], kept: [] };

/** Config from an operator instead of a source: planned, applied, read again. */
export class DirectConfig {
  readonly #parts: DirectConfigParts;

  constructor(parts: DirectConfigParts) {
    this.#parts = parts;
  }

  /**
   * One plan for each of PANIC's managers that reads this routing key; none: nobody does. Throws MANAGER_OWNS_FILE:
   * a plan that can never be followed would mislead.
   */
  plan(routingKey: string, content: Uint8Array): readonly ConfigPlan[] {
    const { preview, plan, reload } = this.#parts;
    if (reload !== null) throw new VedetteError('MANAGER_OWNS_FILE', 'the file alone says what runs');
    return readersOf(routingKey).map((family) => {
      const { isUsable, refusals, specs } = preview(family, routingKey, content);
      const scope = scopeOf({ family, routingKey });
      return { scope, isUsable, refusals, changes: isUsable ? plan(specs) : NOTHING };
    });
  }

  /**
   * Stores and starts what is usable, for each manager that reads the key; resolves with what was changed.
   * Rejects with MANAGER_NOT_RUNNING, MANAGER_OWNS_FILE or STORE_WRITE_FAILED.
   */
  async apply(routingKey: string, content: Uint8Array): Promise<readonly ConfigPlan[]> {
    const { preview, plan, accept, isRunning, reload } = this.#parts;
    if (!isRunning()) throw new VedetteError('MANAGER_NOT_RUNNING', 'no config can be applied now');
    if (reload !== null) throw new VedetteError('MANAGER_OWNS_FILE', 'the file alone says what runs');
    const plans: ConfigPlan[] = [];
    for (const family of readersOf(routingKey)) {
      const { isUsable, refusals, specs } = preview(family, routingKey, content);
      const scope = scopeOf({ family, routingKey });
      plans.push({ scope, isUsable, refusals, changes: isUsable ? plan(specs) : NOTHING });
      // What cannot be used is told to who sent it, and parked nowhere.
      if (isUsable) await accept(family, routingKey, content);
    }
    return plans;
  }

  /** Reads the config file again; resolves with what of it was refused. Rejects with MANAGER_OWNS_NO_FILE. */
  async reload(): Promise<readonly Refusal[]> {
    const { reload, isRunning } = this.#parts;
    if (!isRunning()) throw new VedetteError('MANAGER_NOT_RUNNING', 'no config can be read now');
    if (reload === null) throw new VedetteError('MANAGER_OWNS_NO_FILE', 'no config file is in use');
    return reload();
  }
}

/** As the broker would deliver it: a copy for each queue that is bound to the key. */
function readersOf(routingKey: string): readonly Family[] {
  return FAMILY_NAMES.filter((family) =>
    FAMILIES[family].configKeys.some((pattern) => isTopicMatch(pattern, routingKey)),
  );
}
