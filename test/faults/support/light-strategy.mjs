// The kinds of the fault suite. Plain JavaScript, so that the built command can load it with --strategy.
import { existsSync } from 'node:fs';
import { DEFAULT_LIMITS } from '@vedette/contract';
import { defineStrategy, label } from '@vedette/contract/strategy';
import { z } from '@vedette/contract/kind';

/** A key of one of PANIC's managers whose configs no kind of ours reads. */
export const ROUTING_KEY = 'chains.test.*.github_repos_config';

const settings = z.object({
  fault: z.string().default('none'),
  value: z.string().default('0'),
  afterMs: z.number().default(0),
  url: z.string().default(''),
});

const strategyOf = (kind, module) =>
  defineStrategy({
    kind,
    title: 'Misbehaves as told',
    family: 'github',
    routingKeys: kind === 'light' ? [ROUTING_KEY] : [],
    module: new URL(module, import.meta.url).href,
    period: { defaultMs: 400, env: 'LIGHT_MONITOR_PERIOD_SECONDS' },
    limits: DEFAULT_LIMITS,
    defaultBaseChain: 'test',
    componentName: (name) => `Light monitor (${name})`,
    settings,
    example: settings.parse({}),
    config: z
      .object({ parent_id: label, name: label, fault: z.string().optional(), value: z.string() })
      .transform(({ parent_id: parentId, name, fault = 'none', value }) => {
        misbehave(fault);
        return { name, parentId, settings: settings.parse({ fault, value }) };
      }),
    isWatched: () => true,
    toConfig: ({ id, name, parentId, chain }, { fault, value }) => ({
      routingKey: `chains.test.${chain}.github_repos_config`,
      configId: id,
      raw: { id, parent_id: parentId, name, fault, value },
    }),
    keyFigure: (facts) => `round ${facts.total_rounds}`,
  });

/** What a strategy must not do, in the main thread. */
function misbehave(fault) {
  if (fault === 'parser-throws') throw new Error('the parser was killed');
  // For as long as the file is there: the next process shall live.
  if (fault.startsWith('parser-hangs:') && existsSync(fault.slice('parser-hangs:'.length))) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}

export const light = strategyOf('light', './light.cjs');
export const broken = strategyOf('broken', './broken.cjs');
export default light;
