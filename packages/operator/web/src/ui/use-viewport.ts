/** Where a scrolled element stands, how high it is, and how high its rows are. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Viewport } from '../model/window.js';

/** As `table.css` has them. */
const ROW = 36;
const ROW_ON_PHONE = 64;
const PHONE = '(max-width: 45rem)';

export function useViewport(element: RefObject<HTMLElement | null>): Viewport {
  const [viewport, setViewport] = useState<Viewport>({ scrollTop: 0, height: 800, rowHeight: rowHeight() });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const look = (): void => {
      const { scrollTop, clientHeight, firstElementChild: head } = current;
      // The head stays over the rows while they are scrolled.
      const height = clientHeight - (head instanceof HTMLElement ? head.offsetHeight : 0);
      setViewport({ scrollTop, height, rowHeight: rowHeight() });
    };
    look();
    current.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => {
      current.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);
  return viewport;
}

function rowHeight(): number {
  return matchMedia(PHONE).matches ? ROW_ON_PHONE : ROW;
}
