import { expect } from 'chai';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createVitals, VitalsReader, VitalsWriter } from '../src/vitals.js';

describe('vitals', () => {
  it('start at zero', () => {
    expect(new VitalsReader(createVitals()).read()).to.deep.equal({
      beats: 0,
      rounds: 0,
      isInRound: false,
      steps: 0,
      heapKb: 0,
      externalKb: 0,
      lastRoundMs: 0,
    });
  });

  it('tell a round under way from one that ended', () => {
    const buffer = createVitals();
    const [writer, reader] = [new VitalsWriter(buffer), new VitalsReader(buffer)];
    writer.beginRound();
    writer.step();
    expect(reader.read()).to.include({ rounds: 1, isInRound: true, steps: 1, beats: 1 });
    writer.endRound(12.6);
    expect(reader.read()).to.include({ rounds: 1, isInRound: false, lastRoundMs: 13, beats: 2 });
    writer.beginRound();
    expect(reader.read()).to.include({ rounds: 2, isInRound: true });
  });

  it('hold memory in KiB up to 2 TiB', () => {
    const buffer = createVitals();
    new VitalsWriter(buffer).memory(24 * 2 ** 20, 2 ** 40);
    expect(new VitalsReader(buffer).read()).to.include({ heapKb: 24 * 1024, externalKb: 2 ** 30 });
  });

  it('keep slots apart', () => {
    const buffer = createVitals(3);
    new VitalsWriter(buffer, 1).beat();
    expect([0, 1, 2].map((slot) => new VitalsReader(buffer, slot).beats())).to.deep.equal([0, 1, 0]);
  });

  it('refuse a slot that is not there', () => {
    expect(() => new VitalsReader(createVitals(2), 2)).to.throw(RangeError);
  });

  it('count on past the largest 32-bit number, so that standing still is all that counts', () => {
    const buffer = createVitals();
    new Int32Array(buffer)[0] = 2 ** 31 - 1;
    const reader = new VitalsReader(buffer);
    const before = reader.beats();
    new VitalsWriter(buffer).beat();
    expect(reader.beats()).not.to.equal(before);
  });

  it('lose and tear nothing while a thread hammers them and we read', async () => {
    const ROUNDS = 100_000;
    const buffer = createVitals(2);
    const module = new URL('../dist/vitals.js', import.meta.url).href;
    const worker = new Worker(
      `import(${JSON.stringify(module)}).then(({ VitalsWriter }) => {
        const { workerData } = require('node:worker_threads');
        const writer = new VitalsWriter(workerData, 1);
        for (let round = 1; round <= ${ROUNDS}; round += 1) {
          writer.beginRound();
          writer.memory(round * 1024, round * 1024);
          writer.endRound(round);
        }
      });`,
      { eval: true, workerData: buffer },
    );
    const exited = once(worker, 'exit');
    const reader = new VitalsReader(buffer, 1);
    const isDone = { value: false };
    void exited.then(() => (isDone.value = true));
    let last = reader.read();
    while (!isDone.value) {
      for (let look = 0; look < 1_000; look += 1) {
        const now = reader.read();
        // Each word only moves forward; a torn or lost write would step back.
        expect(now.rounds).to.be.at.least(last.rounds);
        expect(now.beats).to.be.at.least(last.beats);
        expect(now.heapKb).to.be.at.least(last.heapKb);
        expect(now.lastRoundMs).to.be.at.least(last.lastRoundMs);
        last = now;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await exited).to.deep.equal([0]);
    expect(reader.read()).to.include({ rounds: ROUNDS, isInRound: false, beats: 2 * ROUNDS, heapKb: ROUNDS });
    expect(new VitalsReader(buffer, 0).read()).to.include({ rounds: 0, beats: 0 });
  });

  it('tells a share of the memory of a shared thread, and of Buffers no more than it may hold', () => {
    const buffer = createVitals();
    const reader = new VitalsReader(buffer);
    const writer = new VitalsWriter(buffer, 0, 0.25, 64);
    writer.memory(400 * 1024, 100 * 1024);
    expect(reader.read()).to.include({ heapKb: 100, externalKb: 25 });
    writer.memory(400 * 1024, 1_000 * 1024);
    expect(reader.read()).to.include({ heapKb: 100, externalKb: 64 });
  });
});
