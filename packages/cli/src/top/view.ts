/** What somebody at the keyboard of `vedette top` looks at, and what each key does to that. Pure. */
import { SORTS, type Sort } from './order.js';

export interface View {
  readonly sort: Sort;
  readonly isReversed: boolean;
  readonly text: string;
  /** Keys are letters of the filter. */
  readonly isTyping: boolean;
  /** Place among those shown. */
  readonly index: number;
  /** What is selected stays so wherever it moves; null until somebody moves: then it is the first. */
  readonly selectedId: string | null;
  /** First row on the screen. */
  readonly top: number;
  readonly isDetail: boolean;
  /** First line of the detail on the screen. */
  readonly detailTop: number;
}

export const FIRST_VIEW: View = {
  sort: 'worst',
  isReversed: false,
  text: '',
  isTyping: false,
  index: 0,
  selectedId: null,
  top: 0,
  isDetail: false,
  detailTop: 0,
};

/** As node:readline tells it. */
export interface Key {
  /** `up`, `return`, `a`; undefined for what has no name. */
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
  /** What it types, such as `ä` or `/`. */
  readonly text?: string | undefined;
}

/** `ids`: of those shown, in order. `rows`: for which there is room. */
export interface Shown {
  readonly ids: readonly string[];
  readonly rows: number;
}

const MAX_TEXT = 100;

/** Null: it is to end. */
export function press(view: View, key: Key, shown: Shown): View | null {
  if (key.ctrl === true && (key.name === 'c' || key.name === 'd')) return null;
  if (view.isTyping) return typed(view, key);
  const step = stepOf(key, shown.rows);
  if (view.isDetail) {
    if (step !== null) return { ...view, detailTop: Math.max(0, view.detailTop + clamped(step)) };
    if (['escape', 'return', 'q', 'left', 'backspace'].includes(key.name ?? ''))
      return { ...view, isDetail: false, detailTop: 0 };
    return view;
  }
  if (step !== null) return moved(view, view.index + step, shown);
  if (key.text === '/') return { ...view, isTyping: true };
  switch (key.name) {
    case 'q':
      return null;
    case 's':
      return { ...view, sort: nextSort(view.sort, key.text === 'S' ? -1 : 1), ...START };
    case 'r':
      return { ...view, isReversed: !view.isReversed, ...START };
    case 'return':
    case 'right':
      return shown.ids.length === 0 ? view : { ...moved(view, view.index, shown), isDetail: true };
    case 'escape':
      return { ...view, text: '', ...START };
    default:
      return view;
  }
}

/** After the list changed: what is selected is found again and is on the screen. */
export function settled(view: View, { ids, rows }: Shown): View {
  const found = view.selectedId === null ? 0 : ids.indexOf(view.selectedId);
  const index = Math.max(0, Math.min(found < 0 ? view.index : found, ids.length - 1));
  const room = Math.max(1, rows);
  const lowest = Math.max(0, ids.length - room);
  const top = Math.min(lowest, Math.max(Math.min(view.top, index), index - room + 1));
  // One that is gone makes way for what stands in its place now.
  const selectedId = found < 0 ? (ids[index] ?? null) : view.selectedId;
  return { ...view, index, top, selectedId };
}

const START = { index: 0, selectedId: null, top: 0 };

function typed(view: View, key: Key): View {
  if (key.name === 'return') return { ...view, isTyping: false };
  if (key.name === 'escape') return { ...view, isTyping: false, text: '', ...START };
  if (key.name === 'backspace')
    return { ...view, text: Array.from(view.text).slice(0, -1).join(''), ...START };
  if (key.ctrl === true && key.name === 'u') return { ...view, text: '', ...START };
  const { text = '' } = key;
  const isText = key.ctrl !== true && key.meta !== true && text !== '' && !/\p{Cc}/u.test(text);
  return isText && view.text.length < MAX_TEXT ? { ...view, text: view.text + text, ...START } : view;
}

/** How far a key moves; null: it does not. */
function stepOf({ name, text, ctrl }: Key, rows: number): number | null {
  const page = Math.max(1, rows - 1);
  if (name === 'up' || text === 'k') return -1;
  if (name === 'down' || text === 'j') return 1;
  if (name === 'pageup' || (ctrl === true && name === 'b')) return -page;
  if (name === 'pagedown' || name === 'space' || (ctrl === true && name === 'f')) return page;
  if (name === 'home' || text === 'g') return -Infinity;
  if (name === 'end' || text === 'G') return Infinity;
  return null;
}

function moved(view: View, to: number, shown: Shown): View {
  const index = Math.max(0, Math.min(to, shown.ids.length - 1));
  return settled({ ...view, index, selectedId: shown.ids[index] ?? null }, shown);
}

function nextSort(sort: Sort, step: number): Sort {
  return SORTS[(SORTS.indexOf(sort) + step + SORTS.length) % SORTS.length] ?? 'worst';
}

/** Infinity is for lists whose end is known. */
function clamped(step: number): number {
  return Math.max(-100_000, Math.min(100_000, step));
}
