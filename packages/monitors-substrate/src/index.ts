export { substrateNetworkStrategy } from './substrate-network/strategy.js';
export { substrateNodeStrategy } from './substrate-node/strategy.js';
