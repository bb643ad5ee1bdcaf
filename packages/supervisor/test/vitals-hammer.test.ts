import { expect } from 'chai';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createVitals, VitalsReader } from '@vedette/contract';

const WRITERS = 4;
/** Four writes of vitals and two beats each: 200,000 beats per writer. */
const ROUNDS = 100_000;

describe('Vitals under four writers and one reader', () => {
  it('never run backwards, tear or reach into another slot', async function () {
    this.timeout(60_000);
    const buffer = createVitals(WRITERS);
    const readers = Array.from({ length: WRITERS }, (_, slot) => new VitalsReader(buffer, slot));
    const workers = readers.map(
      (_, slot) =>
        new Worker(new URL('./fixtures/hammer.mjs', import.meta.url), {
          workerData: { buffer, slot, rounds: ROUNDS },
        }),
    );
    let running = WRITERS;
    const ended = workers.map(async (worker) => {
      await once(worker, 'exit');
      running -= 1;
    });
    const before = readers.map((reader) => reader.read());
    let looks = 0;
    while (running > 0) {
      for (let look = 0; look < 2_000; look += 1) {
        for (const [slot, reader] of readers.entries()) {
          const last = before[slot];
          const now = reader.read();
          looks += 1;
          if (
            last === undefined ||
            now.beats < last.beats ||
            now.rounds < last.rounds ||
            now.steps < last.steps ||
            now.heapKb < last.heapKb ||
            now.lastRoundMs < last.lastRoundMs ||
            // Each word is whole: nothing is ever seen that was not written.
            now.rounds > ROUNDS ||
            now.heapKb >= ROUNDS ||
            now.externalKb >= ROUNDS ||
            now.beats > 2 * ROUNDS
          ) {
            expect.fail(`slot ${slot} went from ${JSON.stringify(last)} to ${JSON.stringify(now)}`);
          }
          before[slot] = now;
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(ended);
    expect(looks).to.be.greaterThan(0);
    for (const reader of readers) {
      expect(reader.read()).to.deep.equal({
        beats: 2 * ROUNDS,
        rounds: ROUNDS,
        isInRound: false,
        steps: ROUNDS,
        heapKb: ROUNDS - 1,
        externalKb: ROUNDS - 1,
        lastRoundMs: ROUNDS - 1,
      });
    }
  });
});
