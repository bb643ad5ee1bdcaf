export { chainlinkContractsStrategy } from './chainlink-contracts/strategy.js';
export { chainlinkNodeStrategy } from './chainlink-node/strategy.js';
