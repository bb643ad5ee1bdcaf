import type { MonitorStrategy } from '@vedette/contract/strategy';

export const ROUTING_KEY: string;
export const light: MonitorStrategy;
export const broken: MonitorStrategy;
export default light;
