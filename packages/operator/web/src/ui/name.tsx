/** Texts that others chose. Promise: whatever is in them, they stay text, in their place, in their direction. */
import type { JSX } from 'preact';
import { shortened } from '../model/format.js';

const SHOWN = 160;

/** Isolated: marks of direction inside do not turn what stands beside it. */
export function Foreign({
  text,
  most = SHOWN,
}: {
  readonly text: string;
  readonly most?: number;
}): JSX.Element {
  return <bdi class="foreign">{shortened(text, most)}</bdi>;
}
