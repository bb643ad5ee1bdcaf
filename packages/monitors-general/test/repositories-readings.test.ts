import type { JsonPage } from '@vedette/monitor';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { epochOf, tagsOf } from '../src/dockerhub/tags.js';
import { writeMemory } from '../src/github/memory.js';
import { isStillLimited, limitedUntil } from '../src/repositories/rate-limit.js';

const NOW = 1_700_000_000_000;

describe('the times of tags', () => {
  const TIMES = JSON.parse(
    readFileSync(new URL('./fixtures/python-times.json', import.meta.url), 'utf8'),
  ) as [text: string, epoch: number][];

  it('are the very doubles dateutil makes of the same texts', () => {
    const different = TIMES.filter(([text, epoch]) => !Object.is(epochOf(text), epoch));
    expect(different).to.deep.equal([]);
    expect(TIMES.length).to.be.greaterThan(300);
  });

  it('without a zone are local', () => {
    expect(epochOf('2023-11-14T22:13:20.25')).to.equal(
      new Date(2023, 10, 14, 22, 13, 20, 250).getTime() / 1000,
    );
    expect(epochOf('2023-11-14')).to.equal(new Date(2023, 10, 14).getTime() / 1000);
  });

  for (const text of [
    '',
    'soon',
    '1700000000',
    '2023-13-01T00:00:00Z',
    '2023-02-30T00:00:00Z',
    '2023-01-01T24:00:00Z',
    '2023-01-01T10:60:00Z',
    '2023-01-01T10:00:61Z',
    `2023-01-01${' '.repeat(50_000)}x`,
  ]) {
    it(`are not read out of ${JSON.stringify(text.slice(0, 30))}`, () => {
      expect(epochOf(text)).to.equal(null);
    });
  }

  it('keep their tags in order', () => {
    const page = tagsOf(
      {
        count: 2,
        next: 'x',
        results: [
          { name: 'b', last_updated: '1970-01-01T00:00:01Z' },
          { name: 'a', last_updated: '1970-01-01T00:00:00Z' },
        ],
      },
      'u',
    );
    expect(page).to.deep.equal({
      tags: [
        { name: 'b', lastUpdated: 1 },
        { name: 'a', lastUpdated: 0 },
      ],
      unreadable: 0,
      next: 'x',
      count: 2,
    });
  });
});

describe('a rate limit', () => {
  const page = (status: number, headers: Record<string, string> = {}): JsonPage => ({
    status,
    headers,
    url: 'http://h/',
    value: {},
  });
  const CASES: readonly (readonly [what: string, page: JsonPage, until: number | null])[] = [
    ['an answer without headers', page(200), null],
    ['requests left', page(200, { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '1700000100' }), null],
    [
      'none left',
      page(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000100' }),
      NOW + 100_000,
    ],
    ['none left, and no time said', page(200, { 'x-ratelimit-remaining': '0' }), null],
    [
      'a reset in the past',
      page(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1600000000' }),
      null,
    ],
    ['a 403 that is no limit', page(403), null],
    ['a 403 with seconds to wait', page(403, { 'retry-after': '30' }), NOW + 30_000],
    ['a bare 429', page(429), NOW + 60_000],
    ['a 429 with a date', page(429, { 'retry-after': 'Tue, 14 Nov 2023 22:14:20 GMT' }), NOW + 60_000],
    ['a 429 with an epoch of Docker Hub', page(429, { 'x-retry-after': '1700000500' }), NOW + 500_000],
    ['a 429 with nonsense', page(429, { 'retry-after': 'later' }), NOW + 60_000],
    ['a year', page(429, { 'retry-after': '31536000' }), NOW + 86_400_000],
  ];
  for (const [what, answered, until] of CASES) {
    it(`is read from ${what}`, () => {
      expect(limitedUntil(answered, NOW)).to.equal(until);
    });
  }

  it('is over at its time, and none if its time cannot be ours', () => {
    expect(
      [NOW + 1, NOW, NOW - 1, NOW + 86_400_001, 'x', null].map((time) => isStillLimited(time, NOW)),
    ).to.deep.equal([true, false, false, false, false, false]);
  });
});

describe('the memory of the GitHub monitor', () => {
  it('stays below what the manager keeps, whatever names there are', () => {
    const releases = Array.from({ length: 110 }, (_none, id) => ({
      id: String(id),
      name: 'é'.repeat(1_000),
      tag: `v${id}`,
    }));
    const state = writeMemory({ told: { count: 30, releases }, etag: 'x', limitedUntil: null });
    expect(JSON.stringify(state).length).to.be.lessThan(40_000);
    expect(state).to.include({ count: 29, etag: null });
  });
});
