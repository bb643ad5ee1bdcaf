/** Types of what examples/chains uses. */
export function findAnvil(): string | null;
