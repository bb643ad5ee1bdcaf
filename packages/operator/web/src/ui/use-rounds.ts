/** Rounds of one monitor: those the server remembers, and each that ends while one looks. */
import { useEffect, useState } from 'preact/hooks';
import type { RoundEnded } from '../api/events.js';
import { readBacklog } from '../live/backlog.js';
import { connection } from '../live/connection.js';
import { onLiveEvent } from '../live/start.js';
import { merged } from '../model/series.js';

/** Rounds that come together are drawn together. */
const TOGETHER_MS = 200;

/** Oldest first. */
export function useRounds(id: string): readonly RoundEnded[] {
  const [rounds, setRounds] = useState<readonly RoundEnded[]>([]);
  const isLive = connection.value.state === 'live';
  useEffect(() => {
    if (!isLive) return;
    const ended = new AbortController();
    let waiting: RoundEnded[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const add = (more: readonly RoundEnded[]): void => {
      waiting.push(...more);
      timer ??= setTimeout(() => {
        const now = waiting;
        waiting = [];
        timer = null;
        setRounds((before) => merged(before, now));
      }, TOGETHER_MS);
    };
    const stop = onLiveEvent((event) => {
      if (event.name === 'monitor.round-ended' && event.id === id) add([event]);
    });
    void readBacklog({ names: ['monitor.round-ended'], monitor: id }, ended.signal, (event) => {
      if (event.name === 'monitor.round-ended') add([event]);
    });
    return () => {
      stop();
      ended.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [id, isLive]);
  return rounds;
}
