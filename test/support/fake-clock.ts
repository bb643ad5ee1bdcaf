/** The clock of @vedette/monitor/testing for all tests, and a quicker way to let promises run. */
export { FakeClock, settle } from '@vedette/monitor/testing';

/** Lets promises that are ready run: quicker, for thousands of steps of code that waits for nothing else. */
export async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
