/** The REST server of such a chain, by SDK version: which routes there are, and how absent ones are refused. */
import { createHash } from 'node:crypto';
import type { SdkVersion } from './cosmos-chain.js';

export interface RestOptions {
  readonly sdk?: SdkVersion;
  readonly isSyncing?: boolean;
  readonly operator?: string;
  readonly bondStatus?: 0 | 1 | 2;
  readonly isJailed?: boolean;
  readonly proposals?: readonly ProposalSeed[];
  /** Of pages of proposals. */
  readonly pageSize?: number;
}

export interface ProposalSeed {
  readonly id: number;
  readonly title: string;
  readonly description?: string;
  /** 1 deposit, 2 voting, 3 passed, 4 rejected, 5 failed. */
  readonly status: 1 | 2 | 3 | 4 | 5;
  /** As gov v1 messages; v1beta1 cannot show their content. */
  readonly isNewStyle?: boolean;
}

/** One of each state, with a title that needs escapes. */
export const PROPOSALS: readonly ProposalSeed[] = [
  { id: 80, title: 'Passed long ago', status: 3 },
  { id: 81, title: 'Turned down', status: 4 },
  { id: 82, title: 'Raise the block size', status: 2 },
  { id: 83, title: 'Zażółć "quoted"\nline', status: 1 },
];

export interface RestAnswer {
  readonly status: number;
  readonly body: string;
}

export const OPERATOR = 'cosmosvaloper1sjllsnramtg3ewxqwwrwjxfgc4n4ef9u2lcnj0';
const BOND = ['BOND_STATUS_UNBONDED', 'BOND_STATUS_UNBONDING', 'BOND_STATUS_BONDED'] as const;
const STATUS = ['UNSPECIFIED', 'DEPOSIT_PERIOD', 'VOTING_PERIOD', 'PASSED', 'REJECTED', 'FAILED'] as const;
const OLD_STATUS = ['', 'DepositPeriod', 'VotingPeriod', 'Passed', 'Rejected', 'Failed'] as const;
const ZERO_TIME = '0001-01-01T00:00:00Z';

export function restAnswer(options: RestOptions, path: string): RestAnswer {
  const { sdk = '0.50', isSyncing = false } = options;
  const url = new URL(path, 'http://stub');
  const isOld = sdk === '0.39';
  const route = url.pathname;
  if (route === '/syncing' && (isOld || sdk === '0.42')) return json({ syncing: isSyncing });
  if (route === '/cosmos/base/tendermint/v1beta1/syncing' && !isOld) return json({ syncing: isSyncing });
  const [, validator] = /^\/cosmos\/staking\/v1beta1\/validators\/(.+)$/.exec(route) ?? [];
  if (validator !== undefined && !isOld) return modernValidator(options, validator);
  const [, oldValidator] = /^\/staking\/validators\/(.+)$/.exec(route) ?? [];
  if (oldValidator !== undefined && (isOld || sdk === '0.42'))
    return oldStyleValidator(options, oldValidator);
  if (route === '/gov/proposals' && isOld) return oldProposals(options);
  if (route === '/cosmos/gov/v1beta1/proposals' && !isOld)
    return pages(options, url.searchParams, betaProposal);
  if (route === '/cosmos/gov/v1/proposals' && (sdk === '0.47' || sdk === '0.50')) {
    return pages(options, url.searchParams, newProposal);
  }
  if (isOld) return { status: 404, body: '404 page not found\n' };
  return json({ code: 12, message: 'Not Implemented', details: [] }, 501);
}

function modernValidator(options: RestOptions, operator: string): RestAnswer {
  if (operator !== (options.operator ?? OPERATOR)) {
    const message = `rpc error: code = NotFound desc = validator ${operator} not found: key not found`;
    return json({ code: 5, message, details: [] }, 404);
  }
  return json({
    validator: {
      operator_address: operator,
      consensus_pubkey: { '@type': '/cosmos.crypto.ed25519.PubKey', key: hash('key') },
      jailed: options.isJailed ?? false,
      status: BOND[options.bondStatus ?? 2],
      tokens: '410200000000',
      delegator_shares: '410200000000.000000000000000000',
      description: { moniker: 'stub', identity: '', website: '', security_contact: '', details: '' },
      unbonding_height: '0',
      unbonding_time: '1970-01-01T00:00:00Z',
      commission: {
        commission_rates: { rate: '0.1', max_rate: '0.2', max_change_rate: '0.01' },
        update_time: '2021-02-18T06:00:00Z',
      },
      min_self_delegation: '1',
    },
  });
}

function oldStyleValidator(options: RestOptions, operator: string): RestAnswer {
  if (operator !== (options.operator ?? OPERATOR)) return json({ error: 'validator does not exist' }, 404);
  const { bondStatus = 2, isJailed = false } = options;
  return json({
    height: '1000',
    result: { operator_address: operator, jailed: isJailed, status: bondStatus },
  });
}

function oldProposals({ proposals = [] }: RestOptions): RestAnswer {
  const result = proposals.map((seed) => ({
    content: {
      type: 'cosmos-sdk/TextProposal',
      value: { title: seed.title, description: seed.description ?? 'Long text' },
    },
    id: String(seed.id),
    proposal_status: OLD_STATUS[seed.status],
    final_tally_result: { yes: '0', abstain: '0', no: '0', no_with_veto: '0' },
    ...timesOf(seed, ZERO_TIME),
    total_deposit: [{ denom: 'uatom', amount: '250000000' }],
  }));
  return json({ height: '1000', result: result.length === 0 ? null : result });
}

function betaProposal(seed: ProposalSeed): object {
  const content = {
    '@type': '/cosmos.gov.v1beta1.TextProposal',
    title: seed.title,
    description: 'Long text',
  };
  return {
    proposal_id: String(seed.id),
    content: seed.isNewStyle === true ? null : { ...content, description: seed.description ?? 'Long text' },
    status: `PROPOSAL_STATUS_${STATUS[seed.status]}`,
    final_tally_result: { yes: '0', abstain: '0', no: '0', no_with_veto: '0' },
    ...timesOf(seed, ZERO_TIME),
    total_deposit: [{ denom: 'uatom', amount: '250000000' }],
  };
}

function newProposal(seed: ProposalSeed): object {
  const description = seed.description ?? 'Long text';
  const old = { '@type': '/cosmos.gov.v1beta1.TextProposal', title: seed.title, description };
  return {
    id: String(seed.id),
    messages: [
      seed.isNewStyle === true
        ? { '@type': '/cosmos.consensus.v1.MsgUpdateParams', authority: 'cosmos1gov' }
        : { '@type': '/cosmos.gov.v1.MsgExecLegacyContent', content: old, authority: 'cosmos1gov' },
    ],
    status: `PROPOSAL_STATUS_${STATUS[seed.status]}`,
    final_tally_result: { yes_count: '0', abstain_count: '0', no_count: '0', no_with_veto_count: '0' },
    ...timesOf(seed, null),
    total_deposit: [{ denom: 'uatom', amount: '250000000' }],
    metadata: '',
    title: seed.isNewStyle === true ? seed.title : '',
    summary: seed.isNewStyle === true ? description : '',
    proposer: '',
  };
}

function timesOf(seed: ProposalSeed, never: string | null): Record<string, string | null> {
  const isVoted = seed.status > 1;
  return {
    submit_time: '2023-10-20T06:41:27.040075748Z',
    deposit_end_time: '2023-11-03T06:41:27.040075748Z',
    voting_start_time: isVoted ? '2023-10-20T20:43:59.6304923Z' : never,
    voting_end_time: isVoted ? '2023-11-03T20:43:59Z' : never,
  };
}

function pages(
  { proposals = [], pageSize = 100 }: RestOptions,
  query: URLSearchParams,
  write: (seed: ProposalSeed) => object,
): RestAnswer {
  const size = Number(query.get('pagination.limit') ?? pageSize);
  const key = query.get('pagination.key');
  const from = key === null ? 0 : proposals.findIndex(({ id }) => keyOf(id) === key);
  if (from === -1) return json({ code: 3, message: 'invalid pagination key', details: [] }, 400);
  const next = proposals[from + size];
  return json({
    proposals: proposals.slice(from, from + size).map(write),
    pagination: {
      next_key: next === undefined ? null : keyOf(next.id),
      total: key === null ? String(proposals.length) : '0',
    },
  });
}

/** As the store orders them: the id in eight bytes. */
function keyOf(id: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(id));
  return bytes.toString('base64');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function json(body: object, status = 200): RestAnswer {
  return { status, body: JSON.stringify(body) };
}
