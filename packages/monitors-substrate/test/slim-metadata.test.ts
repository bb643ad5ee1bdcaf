import { hexToU8a } from '@polkadot/util';
import { expect } from 'chai';
import { chainTypes, type ChainName } from '../../../test/support/substrate-chain.js';
import { Runtime } from '../src/chain/runtime.js';
import { slimMetadata } from '../src/chain/slim-metadata.js';

const MODERN: readonly ChainName[] = [
  'v14/substrate',
  'v15/substrate',
  'v15/polkadot',
  'v15/kusama',
  'v15/asset-hub-polkadot',
];
const READ: readonly (readonly [pallet: string, items: readonly string[]])[] = [
  ['session', ['currentIndex', 'validators', 'disabledValidators']],
  ['staking', ['activeEra', 'currentEra', 'bonded', 'ledger', 'erasStakersOverview', 'erasRewardPoints']],
  ['imOnline', ['authoredBlocks', 'receivedHeartbeats']],
  ['grandpa', ['stalled']],
  ['democracy', ['publicProps', 'depositOf', 'referendumInfoOf', 'votingOf']],
  ['preimage', ['statusFor', 'requestStatusFor']],
  ['balances', ['totalIssuance']],
  ['system', ['events']],
];

describe('slim metadata', () => {
  for (const name of MODERN) {
    it(`of ${name} means the same for all that is read`, async () => {
      const { metadata, registry, storage } = await chainTypes(name);
      const version = { specName: 'x', specVersion: 1 };
      const runtime = await Runtime.load({ chain: 'x', version, metadata, properties: null });
      for (const [pallet, items] of READ) {
        expect(runtime.hasPallet(pallet), pallet).to.equal(storage[pallet] !== undefined);
        for (const item of items) {
          const whole = storage[pallet]?.[item];
          expect(runtime.has(pallet, item), `${pallet}.${item}`).to.equal(whole !== undefined);
          if (whole === undefined) continue;
          expect(runtime.prefixOf({ pallet, item })).to.include(
            registry.createType('Raw', whole.keyPrefix()).toHex(),
          );
          const { type } = whole.meta;
          const id = type.isPlain ? type.asPlain : type.asMap.value;
          const rawTypeIn = (one: typeof registry): string =>
            one.createTypeUnsafe(one.createLookupType(id), []).toRawType();
          if (item !== 'events') expect(rawTypeIn(runtime.registry), item).to.equal(rawTypeIn(registry));
        }
      }
      expect(runtime.constant('staking', 'historyDepth')?.toJSON()).to.equal(84);
      expect(slimMetadata(hexToU8a(metadata)).length * 2).to.be.lessThan(metadata.length / 2);
    });
  }

  it('leaves older metadata, and what it does not understand, as it is', async () => {
    const { metadata } = await chainTypes('v12/substrate');
    const old = hexToU8a(metadata);
    expect(slimMetadata(old)).to.equal(old);
    const modern = hexToU8a((await chainTypes('v15/polkadot')).metadata);
    for (const length of [0, 3, 5, 6, 100, 10_000, 200_000]) {
      const cut = modern.slice(0, length);
      expect(slimMetadata(cut)).to.equal(cut);
    }
    const odd = modern.slice();
    odd.fill(0xff, 1_000, 1_100);
    expect(slimMetadata(odd)).to.equal(odd);
  });
});
