/** Signs of how something is: a shape and a word, never colour alone. */
import type { JSX } from 'preact';
import { about, signOf, type Condition, type Shape, type Tone } from '../model/condition.js';

/** In a square of 16. `f`: filled with the tone; the others are strokes. */
const FILLED: Partial<Record<Shape, string>> = {
  disc: 'M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0-10',
  octagon: 'M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z',
  triangle: 'M8 2l6.5 11.5h-13z',
  diamond: 'M8 1.8L14.2 8 8 14.2 1.8 8z',
  bars: 'M4 3h3v10H4zM9 3h3v10H9z',
};
const STROKED: Partial<Record<Shape, string>> = {
  ring: 'M8 3.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9',
  half: 'M8 3a5 5 0 1 1-5 5',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  clock: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11M8 5v3.2l2.2 1.6',
  square: 'M3.5 3.5h9v9h-9z',
  loop: 'M13 8a5 5 0 1 1-1.6-3.7M13 1.8v3h-3',
  check: 'M3 8.5l3.3 3.3L13 4.8',
};

export function Glyph({ shape, tone }: { readonly shape: Shape; readonly tone: Tone }): JSX.Element {
  const filled = FILLED[shape];
  return (
    <svg class={`glyph tone-${tone}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {filled === undefined ? (
        <path class="stroke" d={STROKED[shape] ?? ''} />
      ) : (
        <path class="fill" d={filled} />
      )}
    </svg>
  );
}

export function ConditionSign({ condition }: { readonly condition: Condition }): JSX.Element {
  const { word, tone, shape } = about(condition);
  return (
    <span class={`sign tone-${tone}`}>
      <Glyph shape={shape} tone={tone} />
      <span class="sign-word">{word}</span>
    </span>
  );
}

export function WordSign({
  what,
  word,
}: {
  readonly what: 'state' | 'health';
  readonly word: string;
}): JSX.Element {
  const [tone, shape] = signOf(what, word);
  return (
    <span class={`sign tone-${tone}`}>
      <Glyph shape={shape} tone={tone} />
      <span class="sign-word">{word}</span>
    </span>
  );
}
