/** Stub chains filled as tests of both kinds need them, in each generation of types. */
import type { MonitorIdentity } from '@vedette/monitor';
import { identity } from './monitor-round.js';
import { startStubChain, type ChainName, type StubChain } from './substrate-chain.js';

export const STASH = '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5';
export const OTHER = '14E5nqKAp3oAJcmzgZhUD2RcptBeUBScxKHgJKU4HPNcKVf3';
export const ERA = 1169;

export const NODE: MonitorIdentity = {
  ...identity('substrate-node', 'dot-val-1', 'Node monitor (dot-val-1)', 'node_1'),
  baseChain: 'substrate',
  subChain: 'polkadot',
};
export const NETWORK: MonitorIdentity = {
  ...identity('substrate-network', 'polkadot', 'Substrate Network Monitor (polkadot)', 'substrate polkadot'),
  baseChain: 'substrate',
  subChain: 'polkadot',
};

/** A chain on which STASH validates; eras 1167 and 1168 are not fully paid out. */
export async function startStakingChain(name: ChainName, tag = 1): Promise<StubChain> {
  const chain = await startStubChain(name, tag);
  const { storage } = chain.types;
  chain.set('session.currentIndex', [], 7012);
  chain.set('session.validators', [], [OTHER, STASH]);
  chain.set('staking.activeEra', [], { index: ERA, start: 1_700_000_000_000 });
  chain.set('staking.currentEra', [], ERA + 1);
  chain.set('staking.bonded', [STASH], OTHER);
  const isPaged = storage['staking']?.['erasStakersOverview'] !== undefined;
  const ledger = { stash: STASH, total: 1, active: 1, unlocking: [] };
  chain.set('staking.ledger', [OTHER], {
    ...ledger,
    [isPaged ? 'legacyClaimedRewards' : 'claimedRewards']: [1085, 1086],
  });
  const own = '1000000000000000';
  for (const era of [1167, 1168, ERA, ERA + 1]) {
    const total = '10000000000000000';
    const others = [{ who: OTHER, value: '4000000000000000' }];
    if (isPaged) {
      const pageCount = era === 1167 ? 2 : 1;
      chain.set('staking.erasStakersOverview', [era, STASH], { total, own, nominatorCount: 1, pageCount });
      chain.set('staking.erasStakersPaged', [era, STASH, 0], { pageTotal: '4000000000000000', others });
    } else chain.set('staking.erasStakers', [era, STASH], { total, own, others });
  }
  const points = new Map([
    [STASH, 19_800],
    [OTHER, 200],
  ]);
  chain.set('staking.erasRewardPoints', [ERA - 1], { total: 20_000, individual: points });
  if (storage['imOnline'] !== undefined) {
    chain.set('imOnline.authoredBlocks', [7012, STASH], 3);
    chain.set('imOnline.receivedHeartbeats', [7012, 1], name === 'v12/substrate' ? '0x01' : true);
  }
  return chain;
}

const HASHES = ['0a', '0b', '0c', '0d'].map((byte) => `0x${byte.repeat(32)}`);
const THIRD = '1zugcag7cJVBtVRnFxv5Qftn7xKAnR6YJ9x4x3XLgGgmNnS';

/** A chain with two public proposals, an open referendum with votes, and three that are over or gone. */
export async function startGovernedChain(name: ChainName, tag = 1): Promise<StubChain> {
  const chain = await startStubChain(name, tag);
  const { storage } = chain.types;
  const isBounded = storage['democracy']?.['preimages'] === undefined;
  const call = (hash: string | undefined): unknown => (isBounded ? { Lookup: { hash, len: 10 } } : hash);
  const [imaged, bare, open] = HASHES;
  chain.set('democracy.publicPropCount', [], 16);
  chain.set(
    'democracy.publicProps',
    [],
    [
      [8, call(imaged), OTHER],
      [9, call(bare), STASH],
    ],
  );
  chain.set('democracy.depositOf', [8], [[OTHER, STASH], '10000000000000000']);
  chain.set('democracy.depositOf', [9], [[STASH], 5_000]);
  if (isBounded) {
    const noted = { Unrequested: { ticket: [OTHER, 500_000_000], len: 10 } };
    chain.set('preimage.requestStatusFor', [imaged], noted);
  } else {
    const noted = { data: '0x00', provider: OTHER, deposit: 500_000_000, since: 16_900_001, expiry: null };
    chain.set('democracy.preimages', [imaged], { Available: noted });
  }
  chain.set('democracy.referendumCount', [], 4);
  chain.set('democracy.lowestUnbaked', [], 3);
  chain.set('democracy.referendumInfoOf', [0], { Finished: { approved: true, end: 16_500_000 } });
  chain.set('democracy.referendumInfoOf', [1], { Finished: { approved: false, end: 16_600_000 } });
  chain.set('democracy.referendumInfoOf', [3], {
    Ongoing: {
      end: 17_400_000,
      [isBounded ? 'proposal' : 'proposalHash']: call(open),
      threshold: 'SuperMajorityApprove',
      delay: 100_800,
      tally: { ayes: '9000000000000', nays: '1000000000000', turnout: '10000000000000' },
    },
  });
  chain.set('balances.totalIssuance', [], '10000000000000000000');
  const prior = [0, 0];
  const delegations = { votes: 0, capital: 0 };
  const standard = (aye: boolean, conviction: string, balance: number | string): unknown => ({
    Standard: { vote: { aye, conviction }, balance },
  });
  chain.set('democracy.votingOf', [STASH], {
    Direct: { votes: [[3, standard(true, 'Locked1x', '10000000000000000')]], delegations, prior },
  });
  chain.set('democracy.votingOf', [OTHER], {
    Direct: {
      votes: [
        [2, standard(true, 'None', 1)],
        [3, standard(false, 'Locked2x', 2_000)],
      ],
      delegations,
      prior,
    },
  });
  chain.set('democracy.votingOf', [THIRD], {
    Delegating: { balance: 777, target: STASH, conviction: 'Locked3x', delegations, prior },
  });
  return chain;
}
