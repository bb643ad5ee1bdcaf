import { DenseHost } from '../../src/hosts/dense.js';
import { hostContract } from './host-contract.js';

const entry = new URL('../fixtures/worker.mjs', import.meta.url);

hostContract({
  name: 'dense',
  host: () => new DenseHost({ entry, density: 10 }),
  hostWithoutEntry: () =>
    new DenseHost({ entry: new URL('../fixtures/not-there.mjs', import.meta.url), density: 10 }),
  sharesLoops: true,
});
