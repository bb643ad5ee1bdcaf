/** Types of what tests import. */
export function errorsDocument(
  codes: Readonly<Record<string, readonly [meaning: string, remedy: string]>>,
): string;
