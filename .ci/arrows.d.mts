/** Types of what tests import. */
export const ARROWS: Readonly<Record<string, readonly string[]>>;
export const CONFINED: Readonly<Record<string, readonly string[]>>;
export const PROCESS_OWNER: string;
export const MAIN_FILES: readonly string[];
