/** Types of what tests and scripts import. */
export function findChromium(): string | null;
export function ensureChromium(say?: (line: string) => void): Promise<boolean>;
