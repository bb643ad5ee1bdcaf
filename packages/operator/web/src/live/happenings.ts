/** The newest things that happened, for the overview. Promise: however many come, views are told now and then. */
import { signal } from '@preact/signals';
import type { LiveEvent } from '../api/events.js';
import { happeningOf, mergedHappenings, TOLD, troubleOf, type Happening } from '../model/happenings.js';
import { readBacklog } from './backlog.js';

const KEPT = 40;
const TELL_MS = 300;

export const happenings = signal<readonly Happening[]>([]);
let waiting: Happening[] = [];
let timer: ReturnType<typeof setTimeout> | null = null;

/** `reportedBefore`: code its round before reported; undefined if that is not known. */
export function noteHappening(event: LiveEvent, reportedBefore?: number | null): void {
  const happening =
    happeningOf(event) ?? (reportedBefore === undefined ? null : troubleOf(reportedBefore, event));
  if (happening === null) return;
  waiting.push(happening);
  timer ??= setTimeout(() => {
    timer = null;
    const now = waiting;
    waiting = [];
    happenings.value = mergedHappenings(happenings.peek(), now, KEPT);
  }, TELL_MS);
}

export function readHappenings(): void {
  void readBacklog({ names: TOLD }, new AbortController().signal, (event) => {
    noteHappening(event);
  });
}
