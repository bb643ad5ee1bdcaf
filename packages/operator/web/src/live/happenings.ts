/** The newest things that happened, for the overview. Promise: however many come, views are told now and then. */
import { signal } from '@preact/signals';
import type { LiveEvent } from '../api/events.js';
import { happeningOf, mergedHappenings, TOLD, type Happening } from '../model/happenings.js';
import { readBacklog } from './backlog.js';

const KEPT = 40;
const TELL_MS = 300;

export const happenings = signal<readonly Happening[]>([]);
let waiting: Happening[] = [];
let timer: ReturnType<typeof setTimeout> | null = null;

export function noteHappening(event: LiveEvent): void {
  const happening = happeningOf(event);
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
  void readBacklog({ names: TOLD }, new AbortController().signal, noteHappening);
}
