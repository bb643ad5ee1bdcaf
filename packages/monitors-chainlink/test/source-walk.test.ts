import { VedetteError } from '@vedette/contract';
import { expect } from 'chai';
import { walkSources, type WalkOutcome } from '../src/chainlink-node/source-walk.js';

const URLS: [string, ...string[]] = ['a', 'b', 'c'];
const unreachable = new VedetteError('SOURCE_UNREACHABLE', 'x');
const broken = new VedetteError('SOURCE_READ_FAILED', 'x');

/** Walks with a fake clock on which each unreachable URL takes its whole share, or `costMs`. */
async function walk(
  lastUrl: string | null,
  answers: Record<string, string | Error>,
  costMs: number | null = null,
): Promise<{ outcome: WalkOutcome<string>; asked: (readonly [url: string, timeoutMs: number])[] }> {
  const asked: (readonly [string, number])[] = [];
  let now = 1_000;
  const outcome = await walkSources(
    { urls: URLS, lastUrl, budgetMs: 24_000, maxWaitMs: 10_000, monotonic: () => now },
    async (url, timeoutMs) => {
      asked.push([url, timeoutMs]);
      now += costMs ?? timeoutMs;
      const answer = answers[url] ?? unreachable;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  );
  return { outcome, asked };
}

describe('the walk over the URLs of a node', () => {
  it('asks the first alone when it answers', async () => {
    const { outcome, asked } = await walk(null, { a: 'page' });
    expect(outcome).to.deep.equal({ url: 'a', answer: 'page' });
    expect(asked).to.deep.equal([['a', 8_000]]);
  });

  it('asks the last good URL first, then the list from its start without it', async () => {
    const { outcome, asked } = await walk('b', { c: 'page' });
    expect(outcome).to.deep.equal({ url: 'c', answer: 'page' });
    expect(asked.map(([url]) => url)).to.deep.equal(['b', 'a', 'c']);
  });

  it('shares its budget equally, and gives what fast failures leave to the rest', async () => {
    expect((await walk(null, {})).asked.map(([, timeoutMs]) => timeoutMs)).to.deep.equal([
      8_000, 8_000, 8_000,
    ]);
    expect((await walk(null, {}, 10)).asked.map(([, timeoutMs]) => timeoutMs)).to.deep.equal([
      8_000, 10_000, 10_000,
    ]);
  });

  it('ends at once on an error that is not unreachable, wherever it stands', async () => {
    expect(await walk(null, { a: broken, b: 'page' })).to.have.nested.property('outcome.error', broken);
    const { outcome } = await walk('a', { b: broken, c: 'page' });
    expect(outcome).to.deep.equal({ url: 'b', error: broken });
  });

  it('names the preferred URL when none answers', async () => {
    const { outcome } = await walk('c', {});
    expect(outcome).to.deep.equal({ url: 'c', error: unreachable });
  });

  it('forgets a last URL that is not listed', async () => {
    expect((await walk('z', { a: 'page' })).asked).to.have.lengthOf(1);
  });

  it('does not take an abort for a dead source', async () => {
    const abort = new VedetteError('MONITOR_ROUND_TIMEOUT', 'x');
    const { outcome, asked } = await walk(null, { a: abort, b: 'page' });
    expect(outcome).to.deep.equal({ url: 'a', error: abort });
    expect(asked).to.have.lengthOf(1);
  });
});
