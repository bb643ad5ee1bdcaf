/** Neighbours on one host while one monitor among them misbehaves, one way after another. */
import { nowMs } from '../lib/clock.js';
import { ProbeFleet, type ProbeFleetArgs } from '../lib/probe-fleet.js';
import { serve } from '../lib/serve.js';
import { p99 } from '../lib/statistics.js';
import { pause } from '../lib/until.js';

export const OFFENCES = ['none', 'burn', 'leak', 'flood', 'hang'] as const;
export type Offence = (typeof OFFENCES)[number];

export interface IsolationArgs extends ProbeFleetArgs {
  readonly neighbours: number;
  readonly periodMs: number;
  readonly windowMs: number;
  readonly offences: readonly Offence[];
}
export interface Suffered {
  readonly latenessP99: number;
  /** Longest time without a round beyond the period. */
  readonly gapMax: number;
  readonly restarts: number;
  readonly offenderRestarts: number;
}
export type IsolationResult = Readonly<Partial<Record<Offence, Suffered>>>;

/** As the command has it: a hang is seen within three beats. */
const BEAT_MS = 1_000;
const OFFENDER = 'bench:offender';

serve(async (args: IsolationArgs, progress): Promise<IsolationResult> => {
  const { neighbours, periodMs, windowMs, offences, host } = args;
  const fleet = await ProbeFleet.on(args, { beatMs: BEAT_MS });
  const quiet = Array.from({ length: neighbours }, (_none, index) => fleet.probe(`probe-${index}`, periodMs));
  await fleet.start(quiet);
  const isNeighbour = (id: string): boolean => id !== OFFENDER;
  const restartsOf = (isMeant: (id: string) => boolean): number =>
    [...fleet.restarts].reduce((sum, [id, count]) => sum + (isMeant(id) ? count : 0), 0);
  const result: Partial<Record<Offence, Suffered>> = {};
  for (const offence of offences) {
    progress(`isolation: ${offence} beside ${neighbours} on ${host}`);
    const before = { own: restartsOf(isNeighbour), its: restartsOf((id) => id === OFFENDER) };
    // Its first round is good: then it has begun to misbehave.
    await fleet.start([...quiet, fleet.probe('offender', periodMs, { offence })]);
    const fromMs = nowMs();
    await pause(windowMs);
    const untilMs = nowMs();
    result[offence] = {
      latenessP99: p99(fleet.lateness(fromMs, untilMs, isNeighbour)),
      gapMax: fleet.longestGapMs(fromMs, untilMs, isNeighbour),
      restarts: restartsOf(isNeighbour) - before.own,
      offenderRestarts: restartsOf((id) => id === OFFENDER) - before.its,
    };
    await fleet.remove(OFFENDER, quiet);
    await pause(periodMs);
  }
  await fleet.end();
  return result;
});
