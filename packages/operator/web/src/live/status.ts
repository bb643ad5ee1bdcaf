/** The manager at a glance, asked for every few seconds while somebody looks; and what time it is there. */
import { computed, signal } from '@preact/signals';
import { ApiProblem, getJson } from '../api/client.js';
import type { Status } from '../api/types.js';

const EVERY_MS = 5_000;

export const status = signal<Status | null>(null);
/** Time of day of this machine; moves each second while the page is seen. */
const tick = signal(Date.now());
/** What the server's clock is ahead of ours. */
const ahead = signal(0);
/** Epoch milliseconds as the server counts them: all times of monitors are its. */
export const now = computed(() => tick.value + ahead.value);

/** Never rejects. */
export async function readStatus(): Promise<void> {
  try {
    const answer = await getJson<Status>('/api/v1/status');
    status.value = answer;
    const offset = answer.now - Date.now();
    // Below half a second it is the way of the answer.
    if (Math.abs(offset - ahead.peek()) > 500) ahead.value = offset;
  } catch (error) {
    // The stream tells of what is wrong.
    if (!(error instanceof ApiProblem)) throw error;
  }
}

export function watchStatus(): void {
  const isSeen = (): boolean => document.visibilityState === 'visible';
  setInterval(() => {
    if (isSeen()) tick.value = Date.now();
  }, 1_000);
  setInterval(() => {
    if (isSeen()) void readStatus();
  }, EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (!isSeen()) return;
    tick.value = Date.now();
    void readStatus();
  });
}
