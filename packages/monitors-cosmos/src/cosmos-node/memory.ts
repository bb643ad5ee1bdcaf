/** What the monitor keeps between rounds, as plain JSON. Promise: any old or foreign state is read safely. */
import { objectOf, textOf, type JsonValue } from '@vedette/contract';
import type { KnownSet } from './catch-up.js';

export interface RestMemory {
  readonly syncingRoute: string | null;
  readonly validatorRoute: string | null;
  /** The source that served last. */
  readonly source: string | null;
}

export interface RpcMemory {
  readonly source: string | null;
  /** Last consensus address seen, upper-case hex. */
  readonly address: string;
  /** Of which chain the heights are. */
  readonly chainId: string | null;
  readonly lastHeight: number | null;
  /** Validator set of the last height. */
  readonly lastSet: KnownSet | null;
}

export interface NodeMemory {
  readonly rest: RestMemory;
  readonly rpc: RpcMemory;
}

export function readMemory(state: JsonValue): NodeMemory {
  const { rest, rpc } = objectOf(state);
  const [restFields, rpcFields] = [objectOf(rest), objectOf(rpc)];
  const set = objectOf(rpcFields['lastSet']);
  const hash = textOf(set['hash']);
  const { isActive } = set;
  const height = rpcFields['lastHeight'];
  return {
    rest: {
      syncingRoute: textOf(restFields['syncingRoute']),
      validatorRoute: textOf(restFields['validatorRoute']),
      source: textOf(restFields['source']),
    },
    rpc: {
      source: textOf(rpcFields['source']),
      address: textOf(rpcFields['address']) ?? '',
      chainId: textOf(rpcFields['chainId']),
      lastHeight: typeof height === 'number' && Number.isSafeInteger(height) && height > 0 ? height : null,
      lastSet: hash === null ? null : { hash, isActive: typeof isActive === 'boolean' ? isActive : null },
    },
  };
}

export function writeMemory({ rest, rpc }: NodeMemory): JsonValue {
  return { rest: { ...rest }, rpc: { ...rpc, lastSet: rpc.lastSet === null ? null : { ...rpc.lastSet } } };
}
