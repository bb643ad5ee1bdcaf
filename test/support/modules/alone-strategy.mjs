import { strategyOf } from './place-strategy.mjs';

export default strategyOf('alone', false);
