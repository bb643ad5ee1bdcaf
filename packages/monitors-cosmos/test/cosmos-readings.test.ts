/** The pure parts: which heights, which times, which status, and addresses. */
import { expect } from 'chai';
import { Real, type JsonValue } from '@vedette/contract';
import { bech32ToHex } from '../src/cosmos-node/bech32.js';
import { heightsToCheck } from '../src/cosmos-node/height-plan.js';
import { bondStatusOf } from '../src/cosmos-node/rest-source.js';
import { statusOf } from '../src/cosmos-network/proposals.js';
import { wireTime } from '../src/cosmos-network/proposal-times.js';
import { urlOf } from '../src/shared/client.js';
import { parseBody } from '../src/shared/reply.js';
import { bech32 } from '../../../test/support/cosmos-chain.js';

describe('heights to check', () => {
  const CASES: readonly (readonly [
    last: number | null,
    isArchive: boolean,
    first: number | null,
    count: number,
  ])[] = [
    [null, true, 1_000, 1],
    [null, false, 1_000, 1],
    [909, true, 910, 91],
    [700, true, 701, 300],
    [699, true, 701, 300],
    [911, false, 912, 89],
    [910, false, 912, 89],
    [699, false, 912, 89],
    [999, false, 1_000, 1],
    [1_000, false, null, 0],
    [1_005, true, null, 0],
  ];
  for (const [last, isArchive, first, count] of CASES) {
    it(`${count} of an ${isArchive ? 'archive' : 'ordinary'} source at 1000 after ${String(last)}`, () => {
      const heights = heightsToCheck(last, 1_000, isArchive);
      expect([heights[0] ?? null, heights.length]).to.deep.equal([first, count]);
      if (first !== null) expect(heights.at(-1)).to.equal(1_000);
    });
  }
});

describe('times of proposals', () => {
  const NEVER = '1970-01-01T00:00:00Z';
  const CASES: readonly (readonly [given: JsonValue | undefined, published: string])[] = [
    ['2021-07-01T10:05:06Z', '2021-07-01T10:05:06.000000000Z'],
    ['2021-07-01T10:05:06.1Z', '2021-07-01T10:05:06.100000000Z'],
    ['2021-07-01T10:05:06.123Z', '2021-07-01T10:05:06.123000000Z'],
    ['2021-07-01T10:05:06.123456789Z', '2021-07-01T10:05:06.123456789Z'],
    ['2021-07-01T10:05:06.1234567891Z', '2021-07-01T10:05:06.123456789Z'],
    ['2021-07-01T10:05:06.5+02:00', '2021-07-01T08:05:06.500000000Z'],
    ['2021-07-01T23:05:06-0130', '2021-07-02T00:35:06.000000000Z'],
    ['0001-01-01T00:00:00Z', NEVER],
    ['0001-01-01T00:00:00.000000000Z', NEVER],
    ['1970-01-01T00:00:00Z', NEVER],
    ['1969-12-31T23:59:59Z', NEVER],
    ['2021-13-45T10:05:06Z', NEVER],
    ['', NEVER],
    ['tomorrow', NEVER],
    [null, NEVER],
    [undefined, NEVER],
    [true, NEVER],
    [[], NEVER],
    [-5, NEVER],
  ];
  for (const [given, published] of CASES) {
    it(`${JSON.stringify(given) ?? 'missing'} becomes ${published}`, () => {
      expect(wireTime(given)).to.equal(published);
    });
  }

  it('a number stays one, as a real', () => {
    expect(wireTime(1_625_133_906)).to.be.instanceOf(Real).and.include({ value: 1_625_133_906 });
  });
});

describe('status words', () => {
  const PROPOSALS: readonly (readonly [given: JsonValue | undefined, published: string])[] = [
    [0, 'unspecified'],
    [1, 'deposit_period'],
    [2, 'voting_period'],
    [3, 'passed'],
    [4, 'rejected'],
    [5, 'failed'],
    ['PROPOSAL_STATUS_UNSPECIFIED', 'unspecified'],
    ['PROPOSAL_STATUS_DEPOSIT_PERIOD', 'deposit_period'],
    ['proposal_status_voting_period', 'voting_period'],
    ['Passed', 'passed'],
    ['rejected', 'rejected'],
    ['VotingPeriod', 'voting_period'],
    ['DepositPeriod', 'deposit_period'],
    [6, 'invalid'],
    [-1, 'invalid'],
    ['2', 'invalid'],
    [null, 'invalid'],
    [undefined, 'invalid'],
  ];
  for (const [given, published] of PROPOSALS) {
    it(`proposal ${JSON.stringify(given) ?? 'missing'} is ${published}`, () => {
      expect(statusOf(given)).to.equal(published);
    });
  }

  const BONDS: readonly (readonly [given: JsonValue, published: string])[] = [
    [2, 'bonded'],
    ['BOND_STATUS_BONDED', 'bonded'],
    [1, 'unbonding'],
    ['BOND_STATUS_UNBONDING', 'unbonding'],
    [0, 'unbonded'],
    ['BOND_STATUS_UNBONDED', 'unbonded'],
    ['2', 'invalid'],
    ['bonded', 'invalid'],
    [null, 'invalid'],
  ];
  for (const [given, published] of BONDS) {
    it(`validator ${JSON.stringify(given)} is ${published}`, () => {
      expect(bondStatusOf(given)).to.equal(published);
    });
  }
});

describe('bech32', () => {
  it('reads the vectors of its specification', () => {
    expect(bech32ToHex('A12UEL5L')).to.equal('');
    expect(bech32ToHex('split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w')).to.equal(
      'C5F38B70305F519BF66D85FB6CF03058F3DDE463ECD7918F2DC743918F2D',
    );
  });

  it('reads what a chain writes', () => {
    const bytes = Buffer.from('00112233445566778899AABBCCDDEEFF00112233', 'hex');
    expect(bech32ToHex(bech32('cosmosvalcons', bytes))).to.equal(bytes.toString('hex').toUpperCase());
  });

  for (const text of [
    '',
    '1',
    'a1',
    'A12uEL5L',
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3x',
    'x1b4n0q5v',
    'ż'.repeat(500),
  ]) {
    it(`is none: ${JSON.stringify(text.slice(0, 70))}`, () => {
      expect(bech32ToHex(text)).to.equal(null);
    });
  }
});

describe('requests and replies', () => {
  it('keep a slash at the end and a query of the base URL', () => {
    expect(urlOf('http://h:1/', '/status')).to.equal('http://h:1/status');
    expect(urlOf('http://h/rpc?key=1', '/block', { height: 5 })).to.equal(
      'http://h/rpc/block?key=1&height=5',
    );
    expect(urlOf('http://h', '/p', { 'pagination.key': 'a+b=' })).to.equal(
      'http://h/p?pagination.key=a%2Bb%3D',
    );
  });

  it('refuse a body of more values than a small heap holds, before they are made', () => {
    expect(() => parseBody(Buffer.from(`[${'{},'.repeat(150_000)}{}]`), 'http://h')).to.throw(/values/);
    expect(parseBody(Buffer.from('{"a": [1, 2]}'), 'http://h')).to.deep.equal({ a: [1, 2] });
    expect(parseBody(Buffer.from('{"a":'), 'http://h')).to.equal(undefined);
  });
});
