/** Types of what tests import. */
export const ROOT: string;
/** What npx fetches: name and exact version. */
export const PNPM: string;
export function isNodeNewEnough(version: string): boolean;
export function setup(options?: { readonly isQuiet?: boolean }): Promise<boolean>;
