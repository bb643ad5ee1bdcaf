/** What a monitor observed, each figure as a line over the rounds that are known. */
import type { JSX } from 'preact';
import type { RoundEnded } from '../api/events.js';
import { factAbout } from '../live/kinds.js';
import { counted, duration, factTitle, factValue } from '../model/format.js';
import { factNames, lineOf, seriesOf, type Point } from '../model/series.js';

const WIDTH = 200;
const HEIGHT = 40;
/** A kind may report a hundred. */
const SHOWN = 24;

export function Charts({
  kind,
  rounds,
}: {
  readonly kind: string;
  readonly rounds: readonly RoundEnded[];
}): JSX.Element {
  const names = factNames(rounds);
  const [first] = rounds;
  const last = rounds.at(-1);
  return (
    <section class="card" aria-labelledby="figures">
      <h2 id="figures">
        Key figures{' '}
        {first !== undefined && last !== undefined && (
          <span class="quiet">
            {rounds.length === 1 ? 'one round' : `${rounds.length} rounds in ${duration(last.at - first.at)}`}
          </span>
        )}
      </h2>
      {first === undefined ? (
        <p class="quiet">No round has ended since this page was opened.</p>
      ) : (
        <ul class="charts">
          {names.slice(0, SHOWN).map((name) => (
            <Chart
              key={name}
              title={factTitle(name)}
              about={factAbout(kind, name)}
              points={seriesOf(rounds, name)}
              show={(value) => factValue(name, value)}
            />
          ))}
          <Chart
            title="Round duration"
            about="from its begin until everything was published"
            points={rounds.map(({ at, durationMs }) => ({ at, value: durationMs }))}
            show={(value) => (value === null ? 'not known' : duration(value))}
          />
        </ul>
      )}
    </section>
  );
}

interface ChartProps {
  readonly title: string;
  readonly about: string | null;
  readonly points: readonly Point[];
  readonly show: (value: number | null) => string;
}

function Chart({ title, about, points, show }: ChartProps): JSX.Element {
  const line = lineOf(points, WIDTH, HEIGHT);
  // The last that was seen, also if it is not seen any more: the words below say so.
  const seen = points.findLastIndex((point) => point.value !== null);
  const unseen = points.length - 1 - seen;
  const value = seen < 0 ? '–' : show(points[seen]?.value ?? null);
  const range =
    seen < 0
      ? 'not seen yet'
      : unseen > 0
        ? `not seen for ${counted(unseen, 'round')}`
        : line === null || line.least === line.most
          ? 'unchanged'
          : `${show(line.least)} to ${show(line.most)}`;
  return (
    <li class="chart" title={about ?? undefined}>
      <span class="chart-title">{title}</span>
      <span class={unseen > 0 ? 'chart-value quiet' : 'chart-value'}>{value}</span>
      <svg
        viewBox={`0 -3 ${WIDTH} ${HEIGHT + 6}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${value}, ${range}`}
      >
        <line class="chart-base" x1="0" x2={WIDTH} y1={HEIGHT + 2} y2={HEIGHT + 2} />
        {line !== null && <path d={line.path} />}
      </svg>
      <span class="chart-range quiet">{range}</span>
    </li>
  );
}
