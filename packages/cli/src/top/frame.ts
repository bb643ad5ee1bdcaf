/** One picture of `vedette top` as lines, only of what is seen. Pure. */
import { printable } from '@vedette/contract';
import { age, type Row } from '../table/row.js';
import { renderTable } from '../table/render.js';
import type { Monitor } from './fleet.js';
import type { View } from './view.js';

export interface Scene {
  readonly view: View;
  /** Those chosen, in order. */
  readonly monitors: readonly Monitor[];
  readonly total: number;
  readonly byState: Readonly<Record<string, number>>;
  /** How the manager is, or why it does not answer. */
  readonly headline: string;
  /** Lines about the one selected; null while they are fetched. */
  readonly detail: readonly string[] | null;
  readonly now: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const INVERSE = '\u001b[7m';
const RESET = '\u001b[0m';
/** Headline, counts, an empty line, titles; and below an empty line and the keys. */
const AROUND = 6;

/** Rows of the table for which there is room. */
export function roomFor({ height }: Size): number {
  return Math.max(1, height - AROUND);
}

/** Exactly `height` lines, none longer than `width` but for what colours it. */
export function frameOf(scene: Scene, size: Size, isColoured: boolean): string[] {
  const { view, headline, detail } = scene;
  const cut = (line: string): string => clip(printable(line), size.width);
  const room = roomFor(size);
  const body = view.isDetail
    ? detailLines(detail, view, room + 1).map(cut)
    : tableLines(scene, size, isColoured);
  const lines = [cut(headline), cut(countsOf(scene)), '', ...body];
  const last = size.height - 1;
  return [...padded(lines, last).slice(0, last), cut(keysOf(view))].slice(-size.height);
}

function tableLines({ view, monitors, now }: Scene, size: Size, isColoured: boolean): string[] {
  const seen = monitors.slice(view.top, view.top + roomFor(size));
  const [titles = '', ...lines] = renderTable(
    seen.map((one) => rowOf(one, now)),
    Math.max(1, size.width - 2),
    isColoured,
  );
  const marked = lines.map((line, at) => {
    if (view.top + at !== view.index) return `  ${line}`;
    // The row's own colour would end the inversion.
    return isColoured ? `${INVERSE}> ${plain(line)}${RESET}` : `> ${line}`;
  });
  return [`  ${titles}`, ...(seen.length === 0 ? ['  none'] : marked)];
}

export function rowOf(one: Monitor, now: number): Row {
  const { lastRound } = one;
  return {
    id: one.id,
    name: one.name,
    kind: one.kind,
    state: one.state,
    health: one.health,
    host: one.host ?? '-',
    lastRound:
      lastRound === null ? '-' : `${age(now - lastRound.at)} ago, ${Math.round(lastRound.durationMs)} ms`,
    keyFigure: figureOf(one),
    restarts: one.restarts,
    blocksBehind: null,
  };
}

/** What the list says of a published error is its code; its page says more. */
function figureOf({ error, reportedCode, keyFigure }: Monitor): string {
  if (error !== null) return `${error.code ?? ''} ${error.message}`.trim();
  return reportedCode === null ? keyFigure : `${reportedCode}: reported an error`;
}

function countsOf({ view, monitors, total, byState }: Scene): string {
  const states = Object.entries(byState).sort((a, b) => b[1] - a[1]);
  const counts = states.map(([state, count]) => `${count} ${state}`).join(', ') || 'none';
  const order = `by ${view.sort}${view.isReversed ? ', reversed' : ''}`;
  const filter =
    view.isTyping || view.text !== ''
      ? `, ${monitors.length} with /${view.text}${view.isTyping ? '_' : ''}`
      : '';
  return `${total} monitors: ${counts}; ${order}${filter}`;
}

function keysOf({ isTyping, isDetail }: View): string {
  if (isTyping) return 'type to filter, Enter keeps it, Esc clears it';
  if (isDetail) return 'Esc back, up and down scroll, Ctrl-C quits';
  return 'q quits, / filters, s sorts, r reverses, Enter shows one, arrows and page keys move';
}

function detailLines(detail: readonly string[] | null, { detailTop }: View, room: number): string[] {
  if (detail === null) return ['…'];
  const top = Math.min(detailTop, Math.max(0, detail.length - room));
  return detail.slice(top, top + room);
}

function padded(lines: readonly string[], count: number): string[] {
  return [...lines, ...Array<string>(Math.max(0, count - lines.length)).fill('')];
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function plain(line: string): string {
  // eslint-disable-next-line no-control-regex -- our own colours
  return line.replace(/\u001b\[\d+m/g, '');
}
