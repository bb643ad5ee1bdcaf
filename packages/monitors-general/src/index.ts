export { dockerhubStrategy } from './dockerhub/strategy.js';
export { githubStrategy } from './github/strategy.js';
export { systemStrategy } from './system/strategy.js';
