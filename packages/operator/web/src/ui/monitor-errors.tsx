/** What is wrong with a monitor or with what it watches, and what to do about it. */
import type { JSX } from 'preact';
import type { MonitorDetail, ShownError } from '../api/types.js';
import { kindError } from '../live/kinds.js';
import { now } from '../live/status.js';
import { clockTime } from '../model/format.js';
import { Foreign } from './name.js';

export function MonitorErrors({ monitor }: { readonly monitor: MonitorDetail }): JSX.Element | null {
  const { error, lastError, lastRound, kind } = monitor;
  const reported = lastRound?.reported ?? null;
  const isOld = lastError !== null && lastError.message !== error?.message;
  if (error === null && reported === null && !isOld) return null;
  return (
    <section class="errors" aria-label="Errors">
      {error !== null && <Problem title="Now" tone="bad" error={error} />}
      {reported !== null && lastRound !== null && (
        <div class="problem tone-warn">
          <h2>
            Reported at {clockTime(lastRound.at, now.value)} <code>{reported.code}</code>
          </h2>
          <p>
            <Foreign text={reported.message} most={600} />
          </p>
          {kindError(kind, reported.code) !== null && (
            <p class="remedy">
              This kind reports {reported.code} when {kindError(kind, reported.code)}.
            </p>
          )}
        </div>
      )}
      {isOld && <Problem title="Why its run before ended" tone="idle" error={lastError} />}
    </section>
  );
}

interface ProblemProps {
  readonly title: string;
  readonly tone: 'bad' | 'idle';
  readonly error: ShownError;
}

function Problem({ title, tone, error: { code, message, remedy } }: ProblemProps): JSX.Element {
  return (
    <div class={`problem tone-${tone}`}>
      <h2>
        {title} {code !== null && <code>{code}</code>}
      </h2>
      <p>
        <Foreign text={message} most={600} />
      </p>
      {remedy !== null && <p class="remedy">{remedy}</p>}
    </div>
  );
}
