/** Figures over time: kept, merged, drawn as a line. Pure. */
import type { RoundEnded } from '../api/events.js';

export interface Point {
  readonly at: number;
  /** Null: that round did not see it. */
  readonly value: number | null;
}

/** Rounds kept for the page of a monitor. */
export const KEPT_ROUNDS = 360;

/** In the order of their ends, each once, the newest {@link KEPT_ROUNDS}. */
export function merged(known: readonly RoundEnded[], more: readonly RoundEnded[]): readonly RoundEnded[] {
  if (more.length === 0) return known;
  const byEnd = new Map([...known, ...more].map((round) => [`${round.attempt} ${round.at}`, round]));
  return [...byEnd.values()].sort((a, b) => a.at - b.at).slice(-KEPT_ROUNDS);
}

/** Names of all facts of these rounds, in the order they came. */
export function factNames(rounds: readonly RoundEnded[]): string[] {
  return [...new Set(rounds.flatMap(({ facts }) => Object.keys(facts)))];
}

export function seriesOf(rounds: readonly RoundEnded[], fact: string): Point[] {
  return rounds.map(({ at, facts }) => ({ at, value: facts[fact] ?? null }));
}

export interface Line {
  /** Of an SVG path; empty with less than two points. */
  readonly path: string;
  readonly least: number;
  readonly most: number;
}

/** From the first to the last point over the whole width; gaps where a value is missing. */
export function lineOf(points: readonly Point[], width: number, height: number): Line | null {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || values.length === 0) return null;
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const span = Math.max(1, last.at - first.at);
  const x = (at: number): string => (((at - first.at) / span) * width).toFixed(1);
  // A value that never changes is a line in the middle.
  const y = (value: number): string =>
    most === least
      ? (height / 2).toFixed(1)
      : (height - ((value - least) / (most - least)) * height).toFixed(1);
  let path = '';
  let isOn = false;
  for (const { at, value } of points) {
    if (value !== null) path += `${isOn ? 'L' : 'M'}${x(at)} ${y(value)}`;
    isOn = value !== null;
  }
  return { path: values.length < 2 ? '' : path, least, most };
}
