/**
 * A thread in a call that cannot be interrupted keeps its process alive, and even `process.exit()` waits for
 * it. Promise: a command that had to abandon one ends all the same, once it has said all it has to say.
 */
let isStuck = false;

/** Some worker could not be ended. */
export function noteStuckThread(): void {
  isStuck = true;
}

/**
 * Ends by the default action of SIGTERM, which waits for no thread: service managers take that for an orderly
 * stop. Does nothing where every thread is gone.
 */
export function endDespiteThreads(): void {
  if (!isStuck) return;
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
}
