/** Types of what tests import. */
export const ROOT: string;
export function isNodeNewEnough(version: string): boolean;
export function setup(options?: { readonly isQuiet?: boolean }): Promise<boolean>;
