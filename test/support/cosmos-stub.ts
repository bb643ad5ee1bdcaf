/** Chain and REST server on loopback ports, with what tests want to know of the requests. */
import { answer, startStub, type Behaviour, type StubSource } from './stub-source.js';
import { CosmosChain, type ChainOptions, type RpcAnswer } from './cosmos-chain.js';
import { restAnswer, type RestOptions } from './cosmos-rest.js';

export interface Answering {
  readonly source: StubSource;
  readonly url: string;
  /** Requests under way at a time, at most. */
  mostInFlight(): number;
  /** Paths asked for, without their query. */
  paths(): string[];
}

/** `delayMs`: how long each answer takes. `instead`: what one path gets instead of its answer. */
export interface StubOptions {
  readonly delayMs?: number;
  readonly instead?: (path: string) => Behaviour | null;
}

export async function startRpc(
  chain: CosmosChain | ChainOptions = {},
  options: StubOptions = {},
): Promise<Answering> {
  const answering = chain instanceof CosmosChain ? chain : new CosmosChain(chain);
  return start(options, (path, body) => jsonAnswer(rpcBody(answering, path, body)));
}

export async function startRest(rest: RestOptions = {}, options: StubOptions = {}): Promise<Answering> {
  return start(options, (path) => {
    const { status, body } = restAnswer(rest, path);
    return answer(body, { status, type: body.startsWith('{') ? 'application/json' : 'text/plain' });
  });
}

async function start(
  { delayMs = 0, instead }: StubOptions,
  write: (path: string, body: string) => Behaviour,
): Promise<Answering> {
  let [inFlight, most] = [0, 0];
  const source = await startStub((socket, request) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    const send = (): void => {
      inFlight -= 1;
      if (!socket.destroyed) (instead?.(request.path) ?? write(request.path, request.body))(socket, request);
    };
    // Answered in a later turn, so that requests sent together are seen together.
    if (delayMs === 0) setImmediate(send);
    else setTimeout(send, delayMs);
  });
  return {
    source,
    url: source.url,
    mostInFlight: () => most,
    paths: () => source.requests.map(({ path }) => path.split('?')[0] ?? ''),
  };
}

/** The URI form, or JSON-RPC when there is a body, as cosmjs asks. */
function rpcBody(chain: CosmosChain, path: string, body: string): object {
  if (body !== '') {
    const { id, method, params = {} } = JSON.parse(body) as { id: number; method: string; params?: object };
    const texts = Object.entries(params).map(([name, value]) => [name, String(value)]);
    return { jsonrpc: '2.0', id, ...chain.rpc(method, Object.fromEntries(texts) as Record<string, string>) };
  }
  const url = new URL(path, 'http://stub');
  const said: RpcAnswer = chain.rpc(url.pathname.slice(1), Object.fromEntries(url.searchParams));
  return { jsonrpc: '2.0', id: -1, ...said };
}

export function jsonAnswer(body: object): Behaviour {
  return answer(JSON.stringify(body), { type: 'application/json' });
}

export const PAGE = [
  '# HELP tendermint_consensus_latest_block_height The latest block height.',
  '# TYPE tendermint_consensus_latest_block_height gauge',
  'tendermint_consensus_latest_block_height{chain_id="test-1"} 1.5600002e+07',
  '# TYPE tendermint_consensus_validator_power gauge',
  'tendermint_consensus_validator_power{chain_id="test-1",validator_address="AB"} 410200',
  '# TYPE tendermint_p2p_peers gauge',
  'tendermint_p2p_peers{chain_id="test-1"} 20',
  '',
].join('\n');
