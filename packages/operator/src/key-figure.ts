/** The one observation of a monitor worth a table cell. Promise: whatever a kind's code does, there is a text. */
import type { Facts } from '@vedette/contract';
import type { StrategyRegistry } from '@vedette/manager';
import { shownText } from './shown.js';

/** Empty where the kind has nothing to say. */
export type KeyFigure = (kind: string, facts: Facts) => string;

/** A strategy of somebody else's may throw over facts it did not expect. */
export function keyFigures(registry: StrategyRegistry): KeyFigure {
  return (kind, facts) => {
    try {
      return shownText(registry.get(kind)?.keyFigure(facts) ?? '');
    } catch {
      return '';
    }
  };
}
