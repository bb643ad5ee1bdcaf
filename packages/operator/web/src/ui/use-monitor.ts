/** One monitor, read anew when events say that it changed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, getJson } from '../api/client.js';
import type { MonitorDetail } from '../api/types.js';
import { freshness, onLiveEvent } from '../live/start.js';
import { now } from '../live/status.js';

/** Changes of state are shown soon; rounds alone no more often than this. */
const SOON_MS = 150;
const ROUNDS_MS = 2_000;

export interface Looked {
  /** The last that was known. */
  readonly monitor: MonitorDetail | null;
  /** Epoch milliseconds; null while it is there. */
  readonly goneAt: number | null;
  readonly problem: string | null;
}

export function useMonitor(id: string): Looked {
  const [looked, setLooked] = useState<Looked>({ monitor: null, goneAt: null, problem: null });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const dueAt = useRef(Infinity);
  const stream = freshness.value;
  useEffect(() => {
    const ended = new AbortController();
    const read = async (): Promise<void> => {
      timer.current = null;
      dueAt.current = Infinity;
      try {
        const path = `/api/v1/monitors/${encodeURIComponent(id)}`;
        const monitor = await getJson<MonitorDetail>(path, ended.signal);
        setLooked({ monitor, goneAt: null, problem: null });
      } catch (error) {
        if (ended.signal.aborted) return;
        const isUnknown = error instanceof ApiProblem && error.code === 'MONITOR_UNKNOWN_ID';
        const problem = error instanceof ApiProblem ? error.message : 'It cannot be read';
        setLooked((before) =>
          isUnknown
            ? { ...before, goneAt: before.goneAt ?? now.peek(), problem: null }
            : { ...before, problem },
        );
      }
    };
    const readIn = (ms: number): void => {
      const at = performance.now() + ms;
      if (at >= dueAt.current) return;
      if (timer.current !== null) clearTimeout(timer.current);
      dueAt.current = at;
      timer.current = setTimeout(() => void read(), ms);
    };
    const stop = onLiveEvent((event) => {
      if (!('id' in event) || event.id !== id) return;
      readIn(event.name === 'monitor.round-ended' ? ROUNDS_MS : SOON_MS);
    });
    void read();
    return () => {
      stop();
      ended.abort();
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
      dueAt.current = Infinity;
    };
  }, [id, stream]);
  return looked;
}
