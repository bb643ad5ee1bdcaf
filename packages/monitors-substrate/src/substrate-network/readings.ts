/** What a chain says of its finality and governance. Promise: a pallet it does not have is no failure. */
import type { JsonObject, JsonValue } from '@vedette/contract';
import { integerOf } from '../chain/answers.js';
import type { ChainReader } from '../chain/chain-reader.js';
import { readProposals } from './proposals.js';
import { readReferenda, type Referenda } from './referenda.js';

export interface NetworkReadings {
  /** Null while blocks are finalized. */
  readonly stalled: JsonValue;
  readonly hasDemocracy: boolean;
  readonly proposalCount: number;
  readonly proposals: readonly JsonObject[];
  readonly referenda: Referenda;
}

const NO_REFERENDA: Referenda = { count: 0, active: [], all: {} };

export async function readNetwork(
  reader: ChainReader,
  finished: Readonly<Record<string, JsonValue>>,
): Promise<NetworkReadings> {
  const { runtime } = reader;
  const hasDemocracy = runtime.hasPallet('democracy');
  const [stalled, counted, proposals, referenda] = await Promise.all([
    runtime.has('grandpa', 'stalled') ? reader.readOne({ pallet: 'grandpa', item: 'stalled' }) : null,
    hasDemocracy ? reader.readOne({ pallet: 'democracy', item: 'publicPropCount' }) : null,
    hasDemocracy ? readProposals(reader) : [],
    hasDemocracy ? readReferenda(reader, finished) : NO_REFERENDA,
  ]);
  return {
    stalled: (stalled?.toJSON() ?? null) as JsonValue,
    hasDemocracy,
    proposalCount: counted === null ? 0 : integerOf(counted.toJSON(), 'The number of proposals'),
    proposals,
    referenda,
  };
}
