/** Joins the stream to what is shown. */
import { signal } from '@preact/signals';
import type { LiveEvent } from '../api/events.js';
import { keepConnected } from './connection.js';
import { apply, load, peekRow } from './fleet.js';
import { noteHappening, readHappenings } from './happenings.js';
import { readKinds } from './kinds.js';
import { readStatus, watchStatus } from './status.js';

/** Views of one monitor or of config that want to hear events themselves. */
const listeners = new Set<(event: LiveEvent) => void>();
/** Counts streams that began without knowing what was missed: what was read before is old. */
export const freshness = signal(0);

export function onLiveEvent(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function startLive(): void {
  void keepConnected({
    onHello: (isWhole) => {
      void readStatus();
      if (isWhole) return;
      freshness.value += 1;
      void readKinds();
      void load();
      readHappenings();
    },
    onEvent: (event) => {
      const before = 'id' in event ? peekRow(event.id) : undefined;
      apply(event);
      noteHappening(
        event,
        before === undefined || before.lastRound === null ? undefined : before.reportedCode,
      );
      if (event.name === 'broker.link-changed') void readStatus();
      for (const listener of listeners) listener(event);
    },
  });
  watchStatus();
}
