import { expect } from 'chai';
import type { WireMessage } from '@vedette/contract';
import { ConfirmWindow } from '../src/amqp/confirm-window.js';

const message = (content: string, exchange = 'e', routingKey = 'k'): WireMessage => ({
  exchange,
  routingKey,
  content,
});

describe('confirm window', () => {
  it('settles one tag, or all up to a tag, oldest first', () => {
    const window = new ConfirmWindow<string>();
    for (const name of ['1', '2', '3', '4', '5']) window.add(message(name), name);
    const items = (tag: number, isMultiple: boolean) =>
      window.settle(tag, isMultiple).map(({ item }) => item);
    expect(items(2, false)).to.deep.equal(['2']);
    expect(items(4, true)).to.deep.equal(['1', '3', '4']);
    expect(items(4, true)).to.deep.equal([]);
    expect(items(2, false)).to.deep.equal([]);
    expect(window.size).to.equal(1);
  });

  it('matches a return by exchange, routing key and body', () => {
    const window = new ConfirmWindow<string>();
    window.add(message('same', 'one'), 'one');
    window.add(message('same', 'two'), 'two');
    window.add(message('same', 'two', 'other'), 'three');
    window.returned(message('same', 'two'));
    window.returned(message('unknown'));
    expect(window.settle(3, true)).to.deep.equal([
      { item: 'one', isReturned: false },
      { item: 'two', isReturned: true },
      { item: 'three', isReturned: false },
    ]);
  });

  it('knows an equal message until it is settled', () => {
    const window = new ConfirmWindow<string>();
    window.add(message('same'), 'first');
    expect([window.has(message('same')), window.has(message('other'))]).to.deep.equal([true, false]);
    window.settle(1, false);
    expect(window.has(message('same'))).to.equal(false);
  });

  it('drains what is left, oldest first, with what was returned', () => {
    const window = new ConfirmWindow<string>();
    for (const name of ['1', '2', '3']) window.add(message(name), name);
    window.returned(message('3'));
    window.settle(2, false);
    expect(window.drain()).to.deep.equal([
      { item: '1', isReturned: false },
      { item: '3', isReturned: true },
    ]);
    expect([window.size, window.drain().length]).to.deep.equal([0, 0]);
  });
});
