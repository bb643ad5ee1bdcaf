/** Types of what examples/chains uses. */
export function freePort(wanted: number): Promise<number>;
