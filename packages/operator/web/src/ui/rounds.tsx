/** The last rounds of a monitor: how each ended and what became of its messages. */
import type { JSX } from 'preact';
import type { RoundEnded } from '../api/events.js';
import type { MonitorDetail, Round } from '../api/types.js';
import { now } from '../live/status.js';
import { clockTime, counted, duration } from '../model/format.js';
import type { Shape, Tone } from '../model/condition.js';
import { Glyph } from './glyph.js';
import { Foreign } from './name.js';

const SHOWN = 20;

const OUTCOMES: Readonly<Record<Round['outcome'], readonly [word: string, Tone, Shape]>> = {
  ok: ['ok', 'good', 'check'],
  failed: ['failed', 'bad', 'cross'],
  timeout: ['too late', 'bad', 'clock'],
};

interface RoundsProps {
  /** Oldest first. */
  readonly rounds: readonly RoundEnded[];
  readonly monitor: MonitorDetail;
}

export function Rounds({ rounds, monitor }: RoundsProps): JSX.Element {
  const shown: readonly Round[] =
    rounds.length > 0
      ? rounds.slice(-SHOWN).reverse()
      : monitor.lastRound === null
        ? []
        : [monitor.lastRound];
  return (
    <section class="card" aria-labelledby="rounds">
      <h2 id="rounds">Last rounds and messages</h2>
      {shown.length === 0 ? (
        <p class="quiet">None yet.</p>
      ) : (
        <div class="scroll-x" tabIndex={0} role="region" aria-labelledby="rounds">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">Ended</th>
                <th scope="col">Outcome</th>
                <th scope="col" class="number">
                  Took
                </th>
                <th scope="col">Messages</th>
                <th scope="col">Says</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((round) => (
                <RoundLine key={round.at} round={round} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function RoundLine({ round }: { readonly round: Round }): JSX.Element {
  const [word, outcomeTone, outcomeShape] = OUTCOMES[round.outcome] ?? ['?', 'idle', 'ring'];
  const { reported, error } = round;
  const isTrouble = round.outcome === 'ok' && reported !== null;
  const tone = isTrouble ? 'warn' : outcomeTone;
  return (
    <tr>
      <td>{clockTime(round.at, now.value)}</td>
      <td>
        <span class={`sign tone-${tone}`}>
          <Glyph shape={isTrouble ? 'diamond' : outcomeShape} tone={tone} />
          <span class="sign-word">{isTrouble ? 'trouble seen' : word}</span>
        </span>
      </td>
      <td class="number">{duration(round.durationMs)}</td>
      <td>{publishesOf(round.publishes)}</td>
      <td class="says">
        {reported !== null ? (
          <>
            <code>{reported.code}</code> <Foreign text={reported.message} />
          </>
        ) : error !== null ? (
          <>
            {error.code !== null && <code>{error.code}</code>} <Foreign text={error.message} />
          </>
        ) : (
          'a result'
        )}
      </td>
    </tr>
  );
}

function publishesOf(publishes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(publishes).filter(([, count]) => count > 0);
  if (parts.length === 0) return 'none';
  return parts.map(([how, count]) => counted(count, how, how)).join(', ');
}
