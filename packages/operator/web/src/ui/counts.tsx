/** How many monitors in each state, of each health, of each kind; each leads to them. */
import type { JSX } from 'preact';
import { calmRows } from '../live/fleet.js';
import { kindTitle } from '../live/kinds.js';
import { wholeNumber } from '../model/format.js';
import { tableHash } from '../model/route.js';
import { choicesOf } from '../model/table.js';
import { WordSign } from './glyph.js';

export function Counts(): JSX.Element {
  const all = calmRows.value;
  return (
    <>
      <section class="card" aria-labelledby="by-state">
        <h2 id="by-state">By state and health</h2>
        <div class="two-lists">
          {(['state', 'health'] as const).map((what) => (
            <ul key={what} class="counts" aria-label={`By ${what}`}>
              {choicesOf(all, what).map(({ value, count }) => (
                <li key={value}>
                  <a href={tableHash({ [what]: value })}>
                    <WordSign what={what} word={value} />
                    <span class="count">{wholeNumber(count)}</span>
                  </a>
                </li>
              ))}
            </ul>
          ))}
        </div>
      </section>
      <section class="card" aria-labelledby="by-kind">
        <h2 id="by-kind">By kind</h2>
        <ul class="counts">
          {choicesOf(all, 'kind').map(({ value, count }) => (
            <li key={value}>
              <a href={tableHash({ kind: value })}>
                <span>{kindTitle(value)}</span>
                <span class="count">{wholeNumber(count)}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
