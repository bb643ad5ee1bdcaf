/** All of one monitor. Promise: when it vanishes while one looks, the page says so and keeps what was seen. */
import type { JSX } from 'preact';
import type { MonitorDetail } from '../api/types.js';
import { now } from '../live/status.js';
import { kindTitle } from '../live/kinds.js';
import { conditionOf } from '../model/condition.js';
import { ago, clockTime } from '../model/format.js';
import { tableHash } from '../model/route.js';
import { Actions } from './actions.js';
import { Charts } from './charts.js';
import { ConditionSign, WordSign } from './glyph.js';
import { MonitorErrors } from './monitor-errors.js';
import { MonitorFacts } from './monitor-facts.js';
import { Foreign } from './name.js';
import { Rounds } from './rounds.js';
import { Settings } from './settings.js';
import { Timeline } from './timeline.js';
import { useMonitor } from './use-monitor.js';
import { useRounds } from './use-rounds.js';

export function MonitorView({ id }: { readonly id: string }): JSX.Element {
  const { monitor, goneAt, problem } = useMonitor(id);
  const rounds = useRounds(id);
  if (monitor === null) return <NotThere id={id} isGone={goneAt !== null} problem={problem} />;
  return (
    <>
      {goneAt !== null && (
        <div class="notice tone-warn" role="alert">
          This monitor was taken out of the config at {clockTime(goneAt, now.value)}. What you see is the last
          that was known of it. <a href="#/monitors">All monitors</a>
        </div>
      )}
      <Head monitor={monitor} isGone={goneAt !== null} />
      <MonitorErrors monitor={monitor} />
      <Timeline monitor={monitor} />
      <Charts kind={monitor.kind} rounds={rounds} />
      <div class="columns">
        <Rounds rounds={rounds} monitor={monitor} />
        <div class="side">
          <MonitorFacts monitor={monitor} />
          <Settings settings={monitor.settings} />
        </div>
      </div>
    </>
  );
}

function Head({
  monitor,
  isGone,
}: {
  readonly monitor: MonitorDetail;
  readonly isGone: boolean;
}): JSX.Element {
  return (
    <section class="monitor-head" aria-labelledby="monitor-name">
      <div class="monitor-title">
        <p class="crumbs">
          <a href="#/monitors">Monitors</a> /{' '}
          <a href={tableHash({ kind: monitor.kind })}>{kindTitle(monitor.kind)}</a>
          {monitor.chain !== '' && (
            <>
              {' / '}
              <a href={tableHash({ chain: monitor.chain })}>
                <Foreign text={monitor.chain} most={60} />
              </a>
            </>
          )}
        </p>
        <h1 id="monitor-name">
          <Foreign text={monitor.name} most={300} />
        </h1>
        <p class="signs">
          <ConditionSign condition={conditionOf({ ...monitor, lastRound: monitor.lastRound })} />
          <span class="pair">
            <span class="quiet">state</span> <WordSign what="state" word={monitor.state} />
          </span>
          <span class="pair">
            <span class="quiet">health</span> <WordSign what="health" word={monitor.health} />
          </span>
          {monitor.since !== null && <span class="quiet">since {ago(monitor.since, now.value)}</span>}
        </p>
      </div>
      {!isGone && <Actions monitor={monitor} />}
    </section>
  );
}

interface NotThereProps {
  readonly id: string;
  readonly isGone: boolean;
  readonly problem: string | null;
}

function NotThere({ id, isGone, problem }: NotThereProps): JSX.Element {
  return (
    <div class="empty">
      <h1>{isGone ? 'No monitor has this id' : problem === null ? 'Reading' : 'It cannot be read'}</h1>
      <p>
        <code>
          <Foreign text={id} most={200} />
        </code>
      </p>
      <p>
        {isGone
          ? 'It was taken out of the config, or never was in it.'
          : (problem ?? 'The monitor is on its way.')}{' '}
        <a href="#/monitors">All monitors</a>
      </p>
    </div>
  );
}
