/** Public proposals that wait for seconds, with their images. What they would do is not decoded: nobody reads it. */
import { isJsonObject, type JsonObject, type JsonValue } from '@vedette/contract';
import type { Codec } from '@polkadot/types/types';
import type { ChainReader } from '../chain/chain-reader.js';
import { imageHashOf } from './image-hash.js';

export async function readProposals(reader: ChainReader): Promise<JsonObject[]> {
  const listed = await reader.readOne({ pallet: 'democracy', item: 'publicProps' });
  const proposals = [...((listed ?? []) as unknown as Iterable<readonly [Codec, Codec, Codec]>)];
  if (proposals.length === 0) return [];
  const [deposits, images] = await Promise.all([
    reader.read(
      proposals.map(([index]) => ({ pallet: 'democracy', item: 'depositOf', args: [index.toString()] })),
    ),
    readImages(
      reader,
      proposals.map(([, call]) => imageHashOf(call)),
    ),
  ]);
  return proposals.flatMap(([index, call, proposer], place) => {
    const deposit = deposits[place]?.toJSON();
    if (!Array.isArray(deposit)) return [];
    // The two members changed places in 2020.
    const [seconds, balance] = Array.isArray(deposit[0]) ? deposit : [deposit[1], deposit[0]];
    const image = images[place] ?? null;
    return [
      {
        index: index.toJSON() as JsonValue,
        balance: balance as JsonValue,
        // Absent, never null: consumers drop the message for null.
        ...(image === null ? {} : { image }),
        imageHash: imageHashOf(call),
        proposer: proposer.toString(),
        seconds: (Array.isArray(seconds) ? seconds : []) as JsonValue,
      },
    ];
  });
}

/** `at`, `balance` and `proposer` of each image that was noted. */
async function readImages(reader: ChainReader, hashes: readonly string[]): Promise<(JsonObject | null)[]> {
  const { runtime } = reader;
  if (runtime.has('democracy', 'preimages')) {
    const args = hashes.map((hash) => ({ pallet: 'democracy', item: 'preimages', args: [hash] }));
    return (await reader.read(args)).map((value) => democracyImage(value?.toJSON()));
  }
  const item = ['requestStatusFor', 'statusFor'].filter((one) => runtime.has('preimage', one));
  const found = await Promise.all(
    item.map((one) => reader.read(hashes.map((hash) => ({ pallet: 'preimage', item: one, args: [hash] })))),
  );
  return hashes.map((_hash, place) => {
    const status = found.map((values) => values[place]?.toJSON()).find(isJsonObject);
    return status === undefined ? null : preimageImage(status);
  });
}

/** `{ available: { provider, deposit, since } }`, or before that a tuple of data, provider, deposit, since. */
function democracyImage(value: unknown): JsonObject | null {
  if (Array.isArray(value)) {
    const [, proposer = null, balance = null, at = null] = value as JsonValue[];
    return { at, balance, proposer };
  }
  const image = isJsonObject(value) ? value['available'] : null;
  if (!isJsonObject(image)) return null;
  const { since = null, deposit = null, provider = null } = image;
  return { at: since, balance: deposit, proposer: provider };
}

/** The pallet `preimage` does not note when; 0 as the SDK says it. */
function preimageImage(status: JsonObject): JsonObject | null {
  const [one] = Object.values(status);
  if (!isJsonObject(one)) return null;
  const ticket = one['ticket'] ?? one['maybeTicket'] ?? one['deposit'];
  if (!Array.isArray(ticket)) return null;
  const [proposer = null, balance = null] = ticket;
  return { at: 0, balance, proposer };
}
