/** Types of what tests import. */
export function findPrometheus(): { readonly prometheus: string; readonly promtool: string } | null;
export function ensurePrometheus(say?: (line: string) => void): Promise<boolean>;
