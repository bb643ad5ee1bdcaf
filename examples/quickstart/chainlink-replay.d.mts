/** Types of what examples/chains uses. */
export function metricsAt(text: string, seconds: number): string;
export function startChainlinkReplay(port: number): Promise<() => Promise<void>>;
