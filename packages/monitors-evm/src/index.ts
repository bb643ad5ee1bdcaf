export { evmNodeStrategy } from './evm-node/strategy.js';
