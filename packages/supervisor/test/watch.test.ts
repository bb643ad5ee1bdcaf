import { expect } from 'chai';
import { createVitals, DEFAULT_LIMITS, VitalsReader, VitalsWriter } from '@vedette/contract';
import { Watch } from '../src/watch.js';
import { watchBounds } from '../src/watch-decision.js';
import { FakeClock, settlePromises } from '../../../test/support/fake-clock.js';

const LIMITS = { ...DEFAULT_LIMITS, roundTimeoutMs: 5_000 };

function aWatch() {
  const clock = new FakeClock(settlePromises);
  const watch = new Watch(clock, 1_000);
  const watched = (name: string) => {
    const buffer = createVitals();
    const writer = new VitalsWriter(buffer);
    const verdicts: string[] = [];
    const entry = watch.add(new VitalsReader(buffer), watchBounds(LIMITS, 1_000), {
      onVerdict: (verdict, forMs) => verdicts.push(`${name} ${verdict} ${forMs}`),
      onBeat: () => undefined,
    });
    return { writer, verdicts, entry, words: new Int32Array(buffer) };
  };
  return { clock, watch, watched };
}

describe('Watch', () => {
  it('says nothing of a worker that beats', async () => {
    const { clock, watched } = aWatch();
    const { writer, verdicts } = watched('a');
    for (let beat = 0; beat < 20; beat += 1) {
      writer.beat();
      await clock.advance(1_000);
    }
    expect(verdicts).to.deep.equal([]);
  });

  it('finds a standstill once, at two and a half beats', async () => {
    const { clock, watched } = aWatch();
    const { verdicts } = watched('a');
    await clock.advance(2_499);
    expect(verdicts).to.deep.equal([]);
    await clock.advance(10_000);
    expect(verdicts).to.deep.equal(['a hung 2500']);
  });

  it('takes a beat that wraps around for a beat', async () => {
    const { clock, watched } = aWatch();
    const { writer, verdicts, words } = watched('a');
    words.fill(2 ** 31 - 3, 0, 1);
    for (let beat = 0; beat < 6; beat += 1) {
      writer.beat();
      await clock.advance(1_000);
    }
    expect(verdicts).to.deep.equal([]);
    await clock.advance(2_500);
    expect(verdicts).to.have.lengthOf(1);
  });

  it('finds a round that lasts too long although the loop beats', async () => {
    const { clock, watched } = aWatch();
    const { writer, verdicts } = watched('a');
    writer.beginRound();
    for (let beat = 0; beat < 7; beat += 1) {
      writer.beat();
      await clock.advance(1_000);
    }
    expect(verdicts).to.deep.equal(['a round-timeout 5625']);
  });

  it('counts each round anew', async () => {
    const { clock, watched } = aWatch();
    const { writer, verdicts } = watched('a');
    for (let round = 0; round < 10; round += 1) {
      writer.beginRound();
      await clock.advance(1_000);
      writer.endRound(1_000);
    }
    expect(verdicts).to.deep.equal([]);
  });

  it('finds a worker that outgrows its marks', async () => {
    const { clock, watched } = aWatch();
    const { writer, verdicts } = watched('a');
    writer.memory(1, (LIMITS.externalMb + 1) * 1024 * 1024);
    await clock.advance(125);
    expect(verdicts).to.deep.equal(['a memory-mark 125']);
  });

  it('accuses nobody when this process itself slept', async () => {
    const { clock, watched } = aWatch();
    const { writer, verdicts } = watched('a');
    writer.beat();
    await clock.advance(1_000);
    clock.sleep(60_000);
    await clock.advance(125);
    writer.beat();
    await clock.advance(1_000);
    expect(verdicts).to.deep.equal([]);
  });

  it('tells whether the worker moved after a verdict, and starts afresh when resumed', async () => {
    const { clock, watched } = aWatch();
    const { writer, verdicts, entry } = watched('a');
    await clock.advance(2_500);
    expect(entry.hasMoved('hung')).to.equal(false);
    writer.beat();
    await clock.advance(1_000);
    expect(entry.hasMoved('hung')).to.equal(true);
    entry.resume();
    await clock.advance(2_400);
    expect(verdicts).to.have.lengthOf(1);
    await clock.advance(200);
    expect(verdicts).to.have.lengthOf(2);
  });

  it('has one timer for all it watches and none when it watches nobody', () => {
    const { clock, watch, watched } = aWatch();
    const entries = Array.from({ length: 50 }, (_, index) => watched(`m${index}`).entry);
    expect(clock.pending).to.equal(1);
    for (const entry of entries) watch.remove(entry);
    expect(clock.pending).to.equal(0);
  });
});
