import { aPool, endPools } from './a-pool.js';
import { hostContract } from './host-contract.js';

describe('the pool', () => {
  afterEach(endPools);

  hostContract({
    name: 'pool',
    host: () => aPool(),
    hostWithoutEntry: () => aPool({ entry: new URL('../fixtures/not-there.mjs', import.meta.url).pathname }),
  });
});
