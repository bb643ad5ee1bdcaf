/** States and health of a monitor as bands over time, and the changes as words. */
import type { JSX } from 'preact';
import type { HistoryEntry, MonitorDetail } from '../api/types.js';
import { now } from '../live/status.js';
import { signOf } from '../model/condition.js';
import { clockTime, duration } from '../model/format.js';
import { sharesOf, spansOf } from '../model/timeline.js';
import { WordSign } from './glyph.js';
import { Foreign } from './name.js';

const SHOWN = 8;

export function Timeline({ monitor: { history } }: { readonly monitor: MonitorDetail }): JSX.Element | null {
  const [first] = history;
  if (first === undefined) return null;
  const until = Math.max(now.value, history.at(-1)?.at ?? 0);
  return (
    <section class="card" aria-labelledby="timeline">
      <h2 id="timeline">
        State and health <span class="quiet">the last {duration(until - first.at)}</span>
      </h2>
      <Band what="state" history={history} begin={first.at} until={until} />
      <Band what="health" history={history} begin={first.at} until={until} />
      <div class="band-times quiet" aria-hidden="true">
        <span>{clockTime(first.at, until)}</span>
        <span>now</span>
      </div>
      <details class="changes">
        <summary>
          {history.length === 1 ? 'The one change' : `The last ${Math.min(SHOWN, history.length)} changes`}
        </summary>
        <ol>
          {history
            .slice(-SHOWN)
            .reverse()
            .map((entry) => (
              <Change key={`${entry.at} ${entry.what} ${entry.to}`} entry={entry} until={until} />
            ))}
        </ol>
      </details>
    </section>
  );
}

interface BandProps {
  readonly what: 'state' | 'health';
  readonly history: readonly HistoryEntry[];
  readonly begin: number;
  readonly until: number;
}

function Band({ what, history, begin, until }: BandProps): JSX.Element {
  const spans = spansOf(history, what, until);
  const span = Math.max(1, until - begin);
  const words = sharesOf(spans)
    .map(
      ({ word, share }) =>
        `${word} ${(share * 100).toFixed((share > 0.995 && share < 0.9995) || share < 0.005 ? 1 : 0)} %`,
    )
    .join(', ');
  return (
    <div class="band-row">
      <span class="band-name quiet">{what}</span>
      <svg
        class="band"
        viewBox="0 0 1000 16"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${what}: ${words}`}
      >
        {spans.map(({ word, from, to }) => (
          <rect
            key={from}
            class={`tone-${signOf(what, word)[0]}`}
            x={((from - begin) / span) * 1_000}
            width={Math.max(2, ((to - from) / span) * 1_000)}
            y="0"
            height="16"
          >
            <title>{`${word}, ${clockTime(from, until)} for ${duration(to - from)}`}</title>
          </rect>
        ))}
      </svg>
      <span class="band-words quiet">{words}</span>
    </div>
  );
}

function Change({ entry, until }: { readonly entry: HistoryEntry; readonly until: number }): JSX.Element {
  return (
    <li>
      <time>{clockTime(entry.at, until)}</time>
      <span class="quiet">{entry.what}</span>
      <WordSign what={entry.what} word={entry.to} />
      <span class="quiet">
        {entry.cause === null ? `run ${entry.attempt}` : `${entry.cause}, run ${entry.attempt}`}
      </span>
      {entry.error !== null && <Foreign text={entry.error.message} most={160} />}
    </li>
  );
}
