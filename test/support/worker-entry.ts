/** The built worker entry, found as Node finds any package's file. */
import { createRequire } from 'node:module';

export const WORKER_ENTRY = createRequire(import.meta.url).resolve('@vedette/monitor/entry');
export const POOL_ENTRY = createRequire(import.meta.url).resolve('@vedette/monitor/pool-entry');
