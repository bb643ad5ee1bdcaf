/** The title of the tab: where one is, and how many monitors need somebody. */
import { computed, effect } from '@preact/signals';
import { conditionOf, needsAttention } from '../model/condition.js';
import type { Route } from '../model/route.js';
import { route } from './address.js';
import { calmRows } from './fleet.js';

const TITLES: Readonly<Record<Route['view'], string>> = {
  overview: 'Overview',
  monitors: 'Monitors',
  monitor: 'Monitor',
  chains: 'Chains',
  config: 'Config',
  nowhere: 'Nothing here',
};

const troubled = computed(() =>
  calmRows.value.reduce((sum, row) => sum + (needsAttention(conditionOf(row)) ? 1 : 0), 0),
);

export function keepTitle(): void {
  effect(() => {
    document.title = `${troubled.value > 0 ? `(${troubled.value}) ` : ''}${TITLES[route.value.view]} · Vedette`;
  });
}
