/** What happened last, newest first. */
import type { JSX } from 'preact';
import { rowOf } from '../live/fleet.js';
import { happenings } from '../live/happenings.js';
import { now } from '../live/status.js';
import { clockTime } from '../model/format.js';
import type { Happening } from '../model/happenings.js';
import { monitorHash } from '../model/route.js';
import { Glyph } from './glyph.js';
import { Foreign } from './name.js';

const SHOWN = 14;

export function Feed(): JSX.Element {
  const shown = happenings.value.slice(0, SHOWN);
  return (
    <section class="card" aria-labelledby="feed">
      <h2 id="feed">What happened</h2>
      {shown.length === 0 ? (
        <p class="quiet">Nothing that is still remembered.</p>
      ) : (
        <ol class="feed">
          {shown.map((happening) => (
            <FeedLine key={happening.key} happening={happening} />
          ))}
        </ol>
      )}
    </section>
  );
}

function FeedLine({
  happening: { at, id, tone, shape, what, why },
}: {
  readonly happening: Happening;
}): JSX.Element {
  return (
    <li>
      <time class="quiet">{clockTime(at, now.value)}</time>
      <Glyph shape={shape} tone={tone} />
      <span class="feed-text">
        {id !== null && (
          <>
            <a href={monitorHash(id)}>
              <Foreign text={rowOf(id)?.name ?? id} most={80} />
            </a>{' '}
          </>
        )}
        {what}
        {why !== '' && (
          <span class="quiet">
            {': '}
            <Foreign text={why} most={200} />
          </span>
        )}
      </span>
    </li>
  );
}
