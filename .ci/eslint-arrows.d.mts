/** Types of what tests import. */
export function forbiddenImport(path: string, specifier: string): string | null;
