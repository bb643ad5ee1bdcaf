import { expect } from 'chai';
import { mapBounded } from '@vedette/monitor';

describe('mapBounded', () => {
  const never = new AbortController().signal;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('keeps the order and never has more under way than allowed', async () => {
    let [now, most] = [0, 0];
    const begun: number[] = [];
    const results = await mapBounded([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3, never, async (item) => {
      begun.push(item);
      most = Math.max(most, (now += 1));
      // Later items are faster: the order must not depend on it.
      for (let left = 10 - item; left > 0; left -= 1) await turn();
      now -= 1;
      return item * 2;
    });
    expect(results).to.deep.equal([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(begun).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([now, most]).to.deep.equal([0, 3]);
  });

  it('gives the first failure when what was under way has ended, and starts nothing more', async () => {
    const ended: number[] = [];
    const failure = new Error('second');
    const all = mapBounded([0, 1, 2, 3, 4], 2, never, async (item) => {
      if (item === 1) throw failure;
      await turn();
      await turn();
      ended.push(item);
    });
    expect(await all.catch((error: unknown) => error)).to.equal(failure);
    expect(ended).to.deep.equal([0]);
  });

  it('starts nothing after an abort, and gives its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const begun: number[] = [];
    const all = mapBounded([0, 1, 2, 3], 1, controller.signal, async (item) => {
      begun.push(item);
      await turn();
      if (item === 1) controller.abort(reason);
    });
    expect(await all.catch((error: unknown) => error)).to.equal(reason);
    expect(begun).to.deep.equal([0, 1]);
  });

  it('takes an empty list, and a limit below one', async () => {
    expect(await mapBounded([], 8, never, () => Promise.resolve(1))).to.deep.equal([]);
    expect(await mapBounded([1, 2], 0, never, (item) => Promise.resolve(item))).to.deep.equal([1, 2]);
  });
});
