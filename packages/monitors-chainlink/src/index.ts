export { chainlinkNodeStrategy } from './chainlink-node/strategy.js';
