/** Types of what tests import. */
export function filesUnder(root: string, folder: string): string[];
