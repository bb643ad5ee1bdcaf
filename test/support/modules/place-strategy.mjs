// Two kinds with one module: one that says it cannot be packed, and one like any other.
import { DEFAULT_LIMITS } from '@vedette/contract';
import { defineStrategy } from '@vedette/contract/strategy';
import { z } from '@vedette/contract/kind';

export const strategyOf = (kind, isPackable) =>
  defineStrategy({
    kind,
    title: 'Tells where it runs',
    family: 'github',
    routingKeys: [],
    module: new URL('./tells-place.cjs', import.meta.url).href,
    isPackable,
    period: { defaultMs: 400, env: 'PLACE_MONITOR_PERIOD_SECONDS' },
    limits: DEFAULT_LIMITS,
    defaultBaseChain: 'test',
    componentName: (name) => `Place monitor (${name})`,
    settings: z.object({}),
    example: {},
    config: z.object({}).transform(() => ({ name: '', parentId: '', settings: {} })),
    isWatched: () => true,
    toConfig: () => [],
    keyFigure: () => '',
  });

export default strategyOf('together', true);
