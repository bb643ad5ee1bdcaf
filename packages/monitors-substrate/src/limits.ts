/** Bounds of a thread that holds a chain's metadata. Main thread. */
import type { MonitorLimits } from '@vedette/contract';

/** Decoded metadata of a modern chain takes 12 MB, its load three times that for a moment. */
export const CHAIN_LIMITS: Pick<MonitorLimits, 'youngMb' | 'oldMb'> = { youngMb: 2, oldMb: 96 };
