import { expect } from 'chai';
import { Places } from '../src/intake/places.js';

/** What of `waits` has resolved once all that can has. */
async function done(waits: Readonly<Record<string, Promise<void>>>): Promise<string[]> {
  const names: string[] = [];
  for (const [name, wait] of Object.entries(waits)) void wait.then(() => names.push(name));
  await new Promise((resolve) => setImmediate(resolve));
  return names.sort();
}

describe('places in the line of config messages', () => {
  it('are numbered as they come, after what an earlier life stored', () => {
    const places = new Places();
    places.startAfter(7);
    places.startAfter(3);
    expect([places.enter('a'), places.enter('b')].map(({ generation }) => generation)).to.deep.equal([8, 9]);
  });

  it('let another scope be stored at once and applied in its turn', async () => {
    const places = new Places();
    const first = places.enter('a');
    const other = places.enter('b');
    const waits = { stored: other.ofScope, applied: other.turn };
    expect(await done(waits)).to.deep.equal(['stored']);
    first.leave();
    expect(await done(waits)).to.deep.equal(['applied', 'stored']);
  });

  it('let nothing of a scope begin before the one before it is settled', async () => {
    const places = new Places();
    const first = places.enter('a');
    const between = places.enter('b');
    const second = places.enter('a');
    first.leave();
    expect(await done({ second: second.ofScope })).to.deep.equal(['second']);
    expect(await done({ second: second.turn })).to.deep.equal([]);
    between.leave();
    expect(await done({ second: second.turn })).to.deep.equal(['second']);
  });

  it('keep those behind waiting for all before, also when one in the middle leaves early', async () => {
    const places = new Places();
    const first = places.enter('a');
    const second = places.enter('b');
    const third = places.enter('b');
    second.leave();
    expect(await done({ turn: third.turn, ofScope: third.ofScope })).to.deep.equal(['ofScope']);
    first.leave();
    first.leave();
    third.leave();
    expect(await done({ next: places.enter('c').turn })).to.deep.equal(['next']);
  });

  it('let others pass one that is tried again, but nothing of its own scope', async () => {
    const places = new Places();
    const failed = places.enter('a');
    const other = places.enter('b');
    const mate = places.enter('a');
    failed.letPass();
    expect(await done({ other: other.turn, mate: mate.ofScope, its: failed.turn })).to.deep.equal(['other']);
    other.leave();
    expect(await done({ its: failed.turn, mate: mate.ofScope })).to.deep.equal(['its']);
    failed.leave();
    expect(await done({ turn: mate.turn, ofScope: mate.ofScope })).to.deep.equal(['ofScope', 'turn']);
  });

  it('keep the order of a scope however often one lets pass', async () => {
    const places = new Places();
    const [first, second, third] = [places.enter('a'), places.enter('a'), places.enter('a')];
    first.letPass();
    first.letPass();
    first.leave();
    expect(await done({ second: second.turn, third: third.turn })).to.deep.equal(['second']);
    second.letPass();
    second.leave();
    expect(await done({ third: third.turn, ofScope: third.ofScope })).to.deep.equal(['ofScope', 'third']);
    third.leave();
    expect(await done({ next: places.enter('b').turn })).to.deep.equal(['next']);
  });
});
