/** A kind whose settings are read for as long as a file is there: the main loop stands still meanwhile. */
import { existsSync } from 'node:fs';
import { DEFAULT_LIMITS } from '@vedette/contract';
import { z } from '@vedette/contract/kind';
import { defineStrategy } from '@vedette/contract/strategy';

const settings = z
  .object({ gate: z.string(), fault: z.string().default('none'), value: z.string().default('0') })
  .refine(({ gate }) => {
    const still = new Int32Array(new SharedArrayBuffer(4));
    while (existsSync(gate)) Atomics.wait(still, 0, 0, 20);
    return true;
  });

export default defineStrategy({
  kind: 'stands-still',
  title: 'Stands still',
  family: 'github',
  routingKeys: [],
  module: new URL('../../faults/support/light.cjs', import.meta.url).href,
  period: { defaultMs: 400, env: 'STILL_MONITOR_PERIOD_SECONDS' },
  limits: DEFAULT_LIMITS,
  defaultBaseChain: 'test',
  componentName: (name) => `Still monitor (${name})`,
  settings,
  example: { gate: '/nonexistent', fault: 'none', value: '0' },
  config: z.never(),
  isWatched: () => true,
  toConfig: () => null,
  keyFigure: () => '',
});
