/** What is written in one turn of the loop leaves together. Promise: in its order, and with the turn at the latest. */
import type { Writable } from 'node:stream';

/** From now on. `write` answers as before: false where the caller is to wait for `drain`. */
export function gatherWrites(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let isGathering = false;
  stream.write = (...args: unknown[]): boolean => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      process.nextTick(() => {
        isGathering = false;
        stream.uncork();
      });
    }
    return write(...args);
  };
}
