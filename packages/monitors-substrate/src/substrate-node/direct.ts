/** What the watched node says of itself (panic-monitors-contract 12.2, calls 1 to 3). */
import { isVedetteError } from '@vedette/contract';
import { integerOf, objectOf, textOf } from '../chain/answers.js';
import { callNode } from '../chain/chain-reader.js';
import type { Connection } from '../chain/connections.js';
import type { Patience } from '../chain/patience.js';

export interface DirectReadings {
  readonly bestHeight: number;
  /** Null while nobody told the node of a higher block, or it does not say. */
  readonly targetHeight: number | null;
  readonly finalizedHeight: number;
}

export async function readDirect(connection: Connection, patience: Patience): Promise<DirectReadings> {
  const [finalizedHeight, sync] = await Promise.all([
    finalizedHeightOf(connection, patience),
    syncOf(connection, patience),
  ]);
  return { ...sync, finalizedHeight };
}

export async function finalizedHeightOf(connection: Connection, patience: Patience): Promise<number> {
  const head = textOf(await callNode(connection, patience, 'chain_getFinalizedHead'), 'The finalized head');
  return heightOf(await callNode(connection, patience, 'chain_getHeader', [head]));
}

type Sync = Pick<DirectReadings, 'bestHeight' | 'targetHeight'>;

async function syncOf(connection: Connection, patience: Patience): Promise<Sync> {
  let answer: unknown;
  try {
    answer = await callNode(connection, patience, 'system_syncState');
  } catch (error) {
    // Nodes hide it as unsafe, or do not know it.
    if (!isVedetteError(error, 'SOURCE_HTTP_STATUS')) throw error;
    return syncFromHead(connection, patience);
  }
  const state = objectOf(answer, 'The sync state');
  const highest = state['highestBlock'] ?? null;
  return {
    bestHeight: integerOf(state['currentBlock'], 'The best height'),
    targetHeight: highest === null ? null : integerOf(highest, 'The target height'),
  };
}

/** A node that is not syncing is where it wants to be. */
async function syncFromHead(connection: Connection, patience: Patience): Promise<Sync> {
  const [header, health] = await Promise.all([
    callNode(connection, patience, 'chain_getHeader'),
    callNode(connection, patience, 'system_health'),
  ]);
  const bestHeight = heightOf(header);
  const { isSyncing } = objectOf(health, 'The health of a node');
  return { bestHeight, targetHeight: isSyncing === false ? bestHeight : null };
}

function heightOf(header: unknown): number {
  return integerOf(objectOf(header, 'A header')['number'], 'The height of a header');
}
