/** What the server still remembers of its events, so that lists and charts do not begin empty. */
import { liveEventOf, type LiveEvent } from '../api/events.js';
import { readStream } from '../api/stream.js';
import { newestEventId } from './connection.js';
import { token } from './token.js';

/** Less than the server keeps, for those that come meanwhile. */
const REACH = 3_500;
const DEADLINE_MS = 4_000;

interface Wanted {
  readonly names: readonly LiveEvent['name'][];
  /** Id; absent: of all. */
  readonly monitor?: string;
}

/** Never rejects; ends by its deadline. `onEvent` hears of them as they come, oldest first. */
export async function readBacklog(
  { names, monitor }: Wanted,
  signal: AbortSignal,
  onEvent: (event: LiveEvent) => void,
): Promise<void> {
  const [life, number] = newestEventId()?.split('-') ?? [];
  if (life === undefined || number === undefined) return;
  const query = new URLSearchParams({
    names: names.join(','),
    ...(monitor === undefined ? {} : { monitor }),
  });
  try {
    await readStream({
      path: `/api/v1/events?${query.toString()}`,
      token: token.peek(),
      lastId: `${life}-${Math.max(0, Number(number) - REACH)}`,
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      onEvent: ({ name, data }) => {
        const event = liveEventOf(name, data);
        if (event !== null) onEvent(event);
      },
    });
  } catch {
    // Its deadline, or there is none to be had: what is shown begins now.
  }
}
