/** Types of what tests import. */
export function cliDocument(): Promise<string>;
export function commandsIn(help: string): string[];
