export { cosmosNetworkStrategy } from './cosmos-network/strategy.js';
export { cosmosNodeStrategy } from './cosmos-node/strategy.js';
