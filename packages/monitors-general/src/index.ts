export { systemStrategy } from './system/strategy.js';
