/** What the stub says is also read by the libraries wallets use: shapes that drift from real ones fail here. */
import { Comet38Client, Tendermint37Client } from '@cosmjs/tendermint-rpc';
import { expect } from 'chai';
import { QueryProposalsResponse as ProposalsV1 } from 'cosmjs-types/cosmos/gov/v1/query';
import { QueryProposalsResponse as ProposalsBeta } from 'cosmjs-types/cosmos/gov/v1beta1/query';
import { TextProposal } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { QueryValidatorResponse } from 'cosmjs-types/cosmos/staking/v1beta1/query';
import { GetSyncingResponse } from 'cosmjs-types/cosmos/base/tendermint/v1beta1/query';
import type { StubSource } from '../../../test/support/stub-source.js';
import { startRpc } from '../../../test/support/cosmos-stub.js';
import { addressOf, type Generation } from '../../../test/support/cosmos-chain.js';
import {
  OPERATOR,
  restAnswer,
  type ProposalSeed,
  type RestOptions,
} from '../../../test/support/cosmos-rest.js';

describe('the stub of a Cosmos chain', () => {
  const stubs: StubSource[] = [];
  afterEach(async () => {
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  const GENERATIONS: readonly (readonly [Generation, typeof Comet38Client | typeof Tendermint37Client])[] = [
    ['0.34', Tendermint37Client],
    ['0.37', Tendermint37Client],
    ['0.38', Comet38Client],
  ];
  for (const [generation, Client] of GENERATIONS) {
    it(`is read by cosmjs as a node of generation ${generation}`, async () => {
      const chain = { generation, height: 50, missed: [40], slashes: { 40: [2_500n] }, transactions: 2 };
      const { source, url } = await startRpc(chain);
      stubs.push(source);
      const client = await Client.connect(url);
      const { syncInfo, nodeInfo, validatorInfo } = await client.status();
      expect([syncInfo.latestBlockHeight, syncInfo.catchingUp]).to.deep.equal([50, false]);
      expect(nodeInfo.version.startsWith(generation)).to.equal(true);
      expect(
        Buffer.from(validatorInfo?.address ?? [])
          .toString('hex')
          .toUpperCase(),
      ).to.equal(addressOf(0));

      const { block } = await client.block(40);
      expect(block.header.height).to.equal(40);
      expect(
        block.lastCommit?.signatures.filter(({ signature }) => signature === undefined),
      ).to.have.lengthOf(1);
      expect((await client.block(1)).block.lastCommit).to.equal(null);

      const results = await client.blockResults(40);
      const events =
        'finalizeBlockEvents' in results ? results.finalizeBlockEvents : results.beginBlockEvents;
      expect(events.filter(({ type }) => type === 'slash')).to.have.lengthOf(2);
      expect(results.results).to.have.lengthOf(2);

      const { total, validators } = await client.validators({ height: 39, page: 1, per_page: 2 });
      expect([total, validators.length]).to.deep.equal([4, 2]);
      expect((await client.validatorsAll(39)).validators).to.have.lengthOf(4);
      const tooHigh = await client.block(51).catch((error: unknown) => error);
      expect((tooHigh as Error).message).to.include('must be less than or equal');
      client.disconnect();
    });
  }

  const PROPOSALS: readonly ProposalSeed[] = [
    { id: 1, title: 'First', status: 3 },
    { id: 2, title: 'Second', status: 2, isNewStyle: true },
    { id: 3, title: 'Third', status: 1 },
  ];
  const ask = (options: RestOptions, path: string): unknown =>
    camelCased(JSON.parse(restAnswer({ proposals: PROPOSALS, ...options }, path).body));

  it('is read by cosmjs-types as a REST server', () => {
    const validator = QueryValidatorResponse.fromJSON(
      without(ask({}, `/cosmos/staking/v1beta1/validators/${OPERATOR}`), 'consensusPubkey'),
    ).validator;
    expect([validator.status, validator.jailed, validator.tokens]).to.deep.equal([3, false, '410200000000']);
    const { syncing } = GetSyncingResponse.fromJSON(
      ask({ isSyncing: true }, '/cosmos/base/tendermint/v1beta1/syncing'),
    );
    expect(syncing).to.equal(true);
  });

  it('is read by cosmjs-types as a server of gov v1', () => {
    const { proposals, pagination } = ProposalsV1.fromJSON(
      without(ask({ pageSize: 2 }, '/cosmos/gov/v1/proposals'), 'messages'),
    );
    expect(proposals.map(({ id, status, title }) => [id, status, title])).to.deep.equal([
      [1n, 3, ''],
      [2n, 2, 'Second'],
    ]);
    expect(proposals[0]?.finalTallyResult?.yesCount).to.equal('0');
    expect(proposals[0]?.votingStartTime?.seconds).to.equal(1_697_834_639n);
    expect(Buffer.from(pagination?.nextKey ?? []).readBigUInt64BE()).to.equal(3n);
  });

  it('is read by cosmjs-types as a server of gov v1beta1', () => {
    const body = ask({ sdk: '0.42' }, '/cosmos/gov/v1beta1/proposals') as {
      proposals: { content: unknown }[];
    };
    const { proposals } = ProposalsBeta.fromJSON(without(body, 'content'));
    expect(proposals.map(({ proposalId, status }) => [proposalId, status])).to.deep.equal([
      [1n, 3],
      [2n, 2],
      [3n, 1],
    ]);
    expect(proposals[0]?.totalDeposit).to.deep.equal([{ denom: 'uatom', amount: '250000000' }]);
    expect(TextProposal.fromJSON(body.proposals[0]?.content).title).to.equal('First');
  });
});

/** The names cosmjs knows are those of the JSON mapping: in camel case. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  const name = (key: string): string =>
    key.replace(/_(\w)/g, (_pair, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [name(key), camelCased(field)]));
}

/** `Any` in JSON has a form of its own, which these decoders do not know. */
function without(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, key));
  if (typeof value !== 'object' || value === null) return value;
  const rest = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(rest.map(([name, field]) => [name, without(field, key)]));
}
