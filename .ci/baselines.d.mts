/** Absolute paths of the programs the baselines run. */
export const baselines: { readonly libraries: string; readonly redis: string; readonly python: string };
export function missingBaselines(): readonly ('libraries' | 'redis' | 'pika')[];
export function ensureBaselines(): Promise<void>;
