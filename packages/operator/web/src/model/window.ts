/** Which rows of a long list are drawn, and where the keys lead. Pure. */

export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

export interface RowWindow {
  /** Index of the first drawn row. */
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** `overscan`: rows drawn above and below what is seen, so that a fast scroll shows no hole. */
export function windowOf(
  { scrollTop, height, rowHeight }: Viewport,
  count: number,
  overscan: number,
): RowWindow {
  const top = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + overscan);
  // A list that became shorter than the place one is at.
  const first = Math.min(top, Math.max(0, count - 1));
  return { first, end: Math.max(first, end) };
}

/** Where a key leads from row `at` (-1: none is chosen); null: it is no key of a list. */
export function movedBy(key: string, at: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const to = (index: number): number => Math.min(count - 1, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'PageDown':
      return to(at + page);
    case 'PageUp':
      return to(at - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** The nearest place to scroll to at which row `index` is whole. */
export function scrollFor(index: number, { scrollTop, height, rowHeight }: Viewport): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
