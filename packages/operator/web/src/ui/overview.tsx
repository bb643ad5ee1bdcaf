/** The whole at a glance: how many are how, what is worst and what to do about it. */
import type { JSX } from 'preact';
import { isComplete, loadProblem, rows, total } from '../live/fleet.js';
import { about, countConditions, needsAttention, type Condition } from '../model/condition.js';
import { counted, wholeNumber } from '../model/format.js';
import { tableHash } from '../model/route.js';
import { ATTENTION, worstOf } from '../model/table.js';
import { Counts } from './counts.js';
import { Feed } from './feed.js';
import { Glyph } from './glyph.js';
import { SystemCards } from './system-cards.js';
import { TroubleItem } from './trouble-item.js';

const SHOWN = 12;

type Counted = ReturnType<typeof countConditions>;

export function Overview(): JSX.Element {
  const all = rows.value;
  if (total.value === null) return <Waiting />;
  const counts = countConditions(all);
  const troubled = counts
    .filter(({ condition }) => needsAttention(condition))
    .reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <section class="verdict" aria-labelledby="verdict">
        <h1 id="verdict">{verdictOf(total.value, troubled)}</h1>
        <Strip counts={counts} all={all.length} />
        <Legend counts={counts} />
        {!isComplete.value && <p class="quiet">Reading the rest of {counted(total.value, 'monitor')} …</p>}
      </section>
      <div class="columns">
        <div class="side">
          <section class="card" aria-labelledby="worst">
            <h2 id="worst">Needs attention</h2>
            <Troubles troubled={troubled} />
          </section>
          <Feed />
        </div>
        <div class="side">
          <SystemCards />
          <Counts />
        </div>
      </div>
    </>
  );
}

function verdictOf(all: number, troubled: number): string {
  if (all === 0) return 'No monitors yet';
  if (troubled === 0)
    return all === 1 ? 'One monitor, and nothing is wrong' : `${wholeNumber(all)} monitors, nothing is wrong`;
  return `${wholeNumber(troubled)} of ${counted(all, 'monitor')} need${troubled === 1 ? 's' : ''} attention`;
}

function Waiting(): JSX.Element {
  return (
    <div class="empty">
      <h1>{loadProblem.value === null ? 'Reading' : 'Nothing to show yet'}</h1>
      <p>{loadProblem.value ?? 'The first monitors are on their way.'}</p>
    </div>
  );
}

function Strip({ counts, all }: { readonly counts: Counted; readonly all: number }): JSX.Element {
  return (
    <div class="strip" aria-hidden="true">
      {counts.map(({ condition, count }) => (
        <span
          key={condition}
          class={`strip-part tone-${about(condition).tone}`}
          style={{ flexGrow: count / Math.max(1, all) }}
        />
      ))}
    </div>
  );
}

function Legend({ counts }: { readonly counts: Counted }): JSX.Element {
  return (
    <ul class="legend">
      {counts.map(({ condition, count }) => (
        <LegendItem key={condition} condition={condition} count={count} />
      ))}
    </ul>
  );
}

function LegendItem({
  condition,
  count,
}: {
  readonly condition: Condition;
  readonly count: number;
}): JSX.Element {
  const { word, tone, shape, what } = about(condition);
  return (
    <li>
      <a class="tile" href={tableHash({ is: condition })} title={what}>
        <span class="tile-count">{wholeNumber(count)}</span>
        <span class={`sign tone-${tone}`}>
          <Glyph shape={shape} tone={tone} />
          <span class="sign-word">{word}</span>
        </span>
      </a>
    </li>
  );
}

function Troubles({ troubled }: { readonly troubled: number }): JSX.Element {
  if (troubled === 0) {
    return (
      <p class="calm">
        <Glyph shape="check" tone="good" /> Nothing. Every monitor runs, and none reports an error.
      </p>
    );
  }
  return (
    <>
      <ul class="troubles">
        {worstOf(rows.value, SHOWN).map((row) => (
          <TroubleItem key={row.id} row={row} />
        ))}
      </ul>
      {troubled > SHOWN && (
        <p class="more">
          <a href={tableHash({ is: ATTENTION })}>All {wholeNumber(troubled)} in the table</a>
        </p>
      )}
    </>
  );
}
