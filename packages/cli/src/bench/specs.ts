/** Which monitors `vedette bench` measures with. Pure. */
import { withRevision, type MonitorSpec } from '@vedette/contract';

/** Fewer give no figure per monitor. */
export const LEAST = 10;
/** More would only take time. */
export const MOST = 40;

/**
 * The first of `specs`, and where they are few copies of them, which ask the same sources under other ids. Copies
 * publish under other names: `areCopied` is false where the messages reach someone.
 */
export function measuredSpecs(specs: readonly MonitorSpec[], areCopied: boolean): readonly MonitorSpec[] {
  const own = specs.slice(0, MOST);
  if (!areCopied || own.length === 0) return own;
  const copies = Array.from({ length: Math.max(0, LEAST - own.length) }, (_none, index) => {
    const { revision: _revision, ...spec } = own[index % own.length] as MonitorSpec;
    const copy = ` copy ${Math.floor(index / own.length) + 1}`;
    return withRevision({
      ...spec,
      id: spec.id + copy,
      name: spec.name + copy,
      componentName: spec.componentName + copy,
    });
  });
  return [...own, ...copies];
}

/** Of an operator's monitors, for the estimate of what they need of the processor. */
export function meanPeriodMs(specs: readonly MonitorSpec[]): number {
  // Rates add up, periods do not.
  const perMs = specs.reduce((sum, { periodMs }) => sum + 1 / periodMs, 0);
  return specs.length / perMs;
}
