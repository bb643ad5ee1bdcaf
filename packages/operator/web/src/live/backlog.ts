/** Rounds of one monitor that the server still remembers, for charts that do not begin empty. */
import type { RoundEnded } from '../api/events.js';
import { liveEventOf } from '../api/events.js';
import { readStream } from '../api/stream.js';
import { newestEventId } from './connection.js';
import { token } from './token.js';

/** Less than the server keeps, for those that come meanwhile. */
const REACH = 3_500;
const DEADLINE_MS = 4_000;

/** Never rejects; what came within its deadline. `onRounds` hears of them as they come. */
export async function readBacklog(
  id: string,
  signal: AbortSignal,
  onRounds: (rounds: readonly RoundEnded[]) => void,
): Promise<void> {
  const [life, number] = newestEventId()?.split('-') ?? [];
  if (life === undefined || number === undefined) return;
  const query = new URLSearchParams({ names: 'monitor.round-ended', monitor: id });
  try {
    await readStream({
      path: `/api/v1/events?${query.toString()}`,
      token: token.peek(),
      lastId: `${life}-${Math.max(0, Number(number) - REACH)}`,
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      onEvent: ({ name, data }) => {
        const event = liveEventOf(name, data);
        if (event?.name === 'monitor.round-ended') onRounds([event]);
      },
    });
  } catch {
    // Its deadline, or there is none to be had: charts begin now.
  }
}
