/**
 * A Cosmos chain that answers as a node of a given generation would: RPC as URI and as JSON-RPC. Promise:
 * deterministic; every answer is also read by cosmjs (packages/monitors-cosmos/test/cosmos-stub.test.ts), so that it cannot drift.
 */
import { createHash } from 'node:crypto';

/** Of Tendermint or CometBFT. */
export type Generation = '0.34' | '0.37' | '0.38';
/** Of the Cosmos SDK: which REST routes there are. */
export type SdkVersion = '0.39' | '0.42' | '0.47' | '0.50';

export interface ChainOptions {
  readonly generation?: Generation;
  readonly chainId?: string;
  readonly height?: number;
  readonly isSyncing?: boolean;
  readonly validators?: number;
  /** Heights whose commit lacks the validator's signature. */
  readonly missed?: readonly number[];
  /** First height at which the validator is not in the set. */
  readonly inactiveFrom?: number;
  /** Height to the amounts of slash events in its results; null: an event without amount. */
  readonly slashes?: Readonly<Record<number, readonly (bigint | null)[]>>;
  /** `mev_info` of the status. */
  readonly isPeered?: boolean;
  /** Heights below this are pruned. */
  readonly earliest?: number;
  /** How many transactions each block carries, 1 KiB each. */
  readonly transactions?: number;
  /** What `validator_info.address` says instead of the validator's. */
  readonly address?: string | null;
  /** The validator's power differs at each height, and with it the hash of the set. */
  readonly isSetChanging?: boolean;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const hex = (text: string, bytes = 32): string =>
  digest(text).subarray(0, bytes).toString('hex').toUpperCase();

/** Consensus address of the n-th validator, upper-case hex; the watched one is the first. */
export function addressOf(index: number): string {
  return hex(`validator ${index}`, 20);
}

interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data: string;
}
export type RpcAnswer = { readonly result: object } | { readonly error: RpcError };

export class CosmosChain {
  readonly options: ChainOptions;
  height: number;

  constructor(options: ChainOptions = {}) {
    this.options = options;
    this.height = options.height ?? 1_000;
  }

  rpc(method: string, params: Readonly<Record<string, string>>): RpcAnswer {
    const height = params['height'] === undefined ? this.height : Number(params['height']);
    const earliest = this.options.earliest ?? 1;
    if (height > this.height) {
      return failed(
        `height ${height} must be less than or equal to the current blockchain height ${this.height}`,
      );
    }
    if (height < earliest) return failed(`height ${height} is not available, lowest height is ${earliest}`);
    switch (method) {
      case 'status':
        return { result: this.#status() };
      case 'block':
        return { result: this.#block(height) };
      case 'block_results':
        return { result: this.#blockResults(height) };
      case 'validators':
        return this.#validators(height, Number(params['page'] ?? 1), Number(params['per_page'] ?? 30));
      default:
        return { error: { code: -32601, message: 'Method not found', data: method } };
    }
  }

  #status(): object {
    const {
      generation = '0.38',
      chainId = 'test-1',
      isSyncing = false,
      isPeered,
      earliest = 1,
    } = this.options;
    const { address } = this.options;
    return {
      node_info: {
        protocol_version: { p2p: '8', block: '11', app: '0' },
        id: hex('node', 20).toLowerCase(),
        listen_addr: 'tcp://0.0.0.0:26656',
        network: chainId,
        version: { '0.34': '0.34.24', '0.37': '0.37.2', '0.38': '0.38.12' }[generation],
        channels: '40202122233038606100',
        moniker: 'stub',
        other: { tx_index: 'on', rpc_address: 'tcp://0.0.0.0:26657' },
      },
      sync_info: {
        latest_block_hash: hex(`block ${this.height}`),
        latest_app_hash: hex(`app ${this.height}`),
        latest_block_height: String(this.height),
        latest_block_time: timeOf(this.height),
        earliest_block_hash: hex(`block ${earliest}`),
        earliest_app_hash: hex(`app ${earliest}`),
        earliest_block_height: String(earliest),
        earliest_block_time: timeOf(earliest),
        catching_up: isSyncing,
      },
      validator_info: {
        address: address === undefined ? addressOf(0) : address,
        pub_key: { type: 'tendermint/PubKeyEd25519', value: digest('key 0').toString('base64') },
        voting_power: '410200',
      },
      ...(isPeered === undefined ? {} : { mev_info: { is_peered_with_relayer: isPeered } }),
    };
  }

  #block(height: number): object {
    const { chainId = 'test-1', transactions = 0, missed = [] } = this.options;
    const before = height - 1;
    const signatures = this.#setAt(before).map((index) => {
      const isAbsent = index === 0 ? missed.includes(height) : index % 17 === 16;
      return isAbsent
        ? { block_id_flag: 1, validator_address: '', timestamp: '0001-01-01T00:00:00Z', signature: null }
        : {
            block_id_flag: 2,
            validator_address: addressOf(index),
            timestamp: timeOf(before),
            signature: Buffer.concat([digest(`${index} at ${before}`), digest('signature')]).toString(
              'base64',
            ),
          };
    });
    const emptyId = { hash: '', parts: { total: 0, hash: '' } };
    return {
      block_id: idOf(height),
      block: {
        header: {
          version: { block: '11' },
          chain_id: chainId,
          height: String(height),
          time: timeOf(height),
          last_block_id: height === 1 ? emptyId : idOf(before),
          last_commit_hash: hex(`commit ${before}`),
          data_hash: hex('data'),
          validators_hash: this.#hashAt(height),
          next_validators_hash: this.#hashAt(height + 1),
          consensus_hash: hex('consensus'),
          app_hash: hex(`app ${height}`),
          last_results_hash: hex('results'),
          evidence_hash: hex('evidence'),
          proposer_address: addressOf(1),
        },
        data: {
          txs: Array.from({ length: transactions }, (_none, index) =>
            Buffer.alloc(1_024, `${index} "last_commit": {`).toString('base64'),
          ),
        },
        evidence: { evidence: [] },
        last_commit:
          height === 1
            ? { height: '0', round: 0, block_id: emptyId, signatures: [] }
            : { height: String(before), round: 0, block_id: idOf(before), signatures },
      },
    };
  }

  #blockResults(height: number): object {
    const { generation = '0.38', slashes = {}, transactions = 0 } = this.options;
    const events = [
      this.#event('transfer', { recipient: 'cosmos1abc', amount: '5uatom' }),
      ...(slashes[height] ?? []).flatMap((amount) => [
        this.#event('slash', {
          address: bech32('cosmosvalcons', Buffer.from(addressOf(0), 'hex')),
          power: '410200',
          reason: 'missing_signature',
          jailed: bech32('cosmosvalcons', Buffer.from(addressOf(0), 'hex')),
          ...(amount === null ? {} : { burned_coins: String(amount) }),
        }),
        this.#event('slash', {
          address: bech32('cosmosvalcons', Buffer.from(addressOf(1), 'hex')),
          burned_coins: '77',
        }),
      ]),
    ];
    const results = {
      height: String(height),
      txs_results:
        transactions === 0
          ? null
          : Array.from({ length: transactions }, () => ({
              code: 0,
              data: '',
              log: JSON.stringify([
                { events: [{ type: 'slash', attributes: [] }], text: '"begin_block_events":[' },
              ]),
              gas_wanted: '1',
              gas_used: '1',
              events: Array.from({ length: 8 }, () => this.#event('tx', { memo: 'x'.repeat(64) })),
              codespace: '',
            })),
      validator_updates: null,
      consensus_param_updates: null,
    };
    if (generation === '0.38')
      return { ...results, finalize_block_events: events, app_hash: hex(`app ${height}`) };
    return { ...results, begin_block_events: events, end_block_events: null };
  }

  #event(type: string, attributes: Readonly<Record<string, string>>): object {
    const text = (value: string): string =>
      this.options.generation === '0.34' ? Buffer.from(value).toString('base64') : value;
    return {
      type,
      attributes: Object.entries(attributes).map(([key, value]) => ({
        key: text(key),
        value: text(value),
        index: true,
      })),
    };
  }

  #validators(height: number, page: number, perPage: number): RpcAnswer {
    const set = this.#setAt(height);
    const size = Math.min(100, perPage);
    const pages = Math.max(1, Math.ceil(set.length / size));
    if (page < 1 || page > pages) return failed(`page should be within [1, ${pages}] range, given ${page}`);
    const validators = set.slice((page - 1) * size, page * size).map((index) => ({
      address: addressOf(index),
      pub_key: { type: 'tendermint/PubKeyEd25519', value: digest(`key ${index}`).toString('base64') },
      voting_power: String(this.#powerOf(index, height)),
      proposer_priority: '-20',
    }));
    return {
      result: {
        block_height: String(height),
        validators,
        count: String(validators.length),
        total: String(set.length),
      },
    };
  }

  /** The watched one is the last of the set, as far back as pages go. */
  #setAt(height: number): number[] {
    const { validators = 4, inactiveFrom = Infinity } = this.options;
    const others = Array.from({ length: validators - 1 }, (_none, index) => index + 1);
    return height >= inactiveFrom ? others : [...others, 0];
  }

  #powerOf(index: number, height: number): number {
    return 1_000 + index + (this.options.isSetChanging === true ? height : 0);
  }

  #hashAt(height: number): string {
    const set = this.#setAt(height);
    return hex(`set ${set.join()} ${this.#powerOf(0, height)}`);
  }
}

function failed(data: string): RpcAnswer {
  return { error: { code: -32603, message: 'Internal error', data } };
}

function idOf(height: number): object {
  return { hash: hex(`block ${height}`), parts: { total: 1, hash: hex(`parts ${height}`) } };
}

function timeOf(height: number): string {
  return new Date(1_700_000_000_000 + height * 6_000).toISOString().replace('Z', '123456Z');
}

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** An address as the chain writes it. */
export function bech32(prefix: string, bytes: Uint8Array): string {
  const words: number[] = [];
  let [bits, count] = [0, 0];
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 5) {
      count -= 5;
      words.push((bits >> count) & 31);
    }
    bits &= (1 << count) - 1;
  }
  if (count > 0) words.push((bits << (5 - count)) & 31);
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  const values = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...words];
  let check = 1;
  for (const value of [...values, 0, 0, 0, 0, 0, 0]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries()) {
      if ((top >>> bit) & 1) check ^= term;
    }
  }
  check ^= 1;
  const sum = Array.from({ length: 6 }, (_none, index) => (check >>> (5 * (5 - index))) & 31);
  return `${prefix}1${[...words, ...sum].map((word) => CHARSET[word]).join('')}`;
}
