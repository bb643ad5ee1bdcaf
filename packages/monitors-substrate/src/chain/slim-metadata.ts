/**
 * Metadata with only what the monitors read. Decoded as it comes, that of a modern chain takes 14 MB and a
 * quarter of a second; calls, errors, documentation and the storage of other pallets are most of it. Works
 * on the bytes, before the SDK sees them. Promise: what is kept decodes as before; what is not understood is
 * given back whole.
 */
import { ScaleReader, ScaleWriter } from './scale.js';

/** Pallets whose storage and constants are read, by their names in metadata. */
const READ_PALLETS = new Set([
  'System',
  'Session',
  'Staking',
  'ImOnline',
  'Grandpa',
  'Democracy',
  'Preimage',
  'Balances',
]);

const VERSIONS = [14, 15];
const MAGIC = [0x6d, 0x65, 0x74, 0x61];
/** `()`: no path, no parameters, a tuple of nothing, no documentation. */
const NOTHING = [0, 0, 4, 0, 0];

/** One type: its bytes without documentation, and the types it is made of. */
interface SlimType {
  readonly bytes: Uint8Array;
  readonly parts: readonly number[];
}

export function slimMetadata(whole: Uint8Array): Uint8Array {
  const version = whole[4] ?? 0;
  if (!VERSIONS.includes(version) || MAGIC.some((byte, index) => whole[index] !== byte)) return whole;
  try {
    return slimmed(whole, version);
  } catch (error) {
    if (error instanceof RangeError) return whole;
    throw error;
  }
}

function slimmed(whole: Uint8Array, version: number): Uint8Array {
  const reader = new ScaleReader(whole, 5);
  const types = reader.list(() => {
    // Its number, which is its place.
    reader.compact();
    return readType(reader);
  });
  const roots: number[] = [];
  const pallets = reader.list(() => readPallet(reader, version, roots));
  const restFrom = reader.at;
  // Named parameters of the extrinsic are looked up when old metadata is converted.
  const extrinsic = reader.compact();
  const kept = reachable(types, roots);
  if (version === 14) kept.add(extrinsic);

  const writer = new ScaleWriter();
  writer.raw(whole.subarray(0, 5));
  writer.compact(types.length);
  for (const [index, { bytes }] of types.entries()) {
    writer.compact(index);
    writer.raw(kept.has(index) ? bytes : NOTHING);
  }
  writer.compact(pallets.length);
  for (const pallet of pallets) writer.raw(pallet);
  writer.raw(whole.subarray(restFrom));
  return writer.bytes();
}

function reachable(types: readonly SlimType[], roots: readonly number[]): Set<number> {
  const found = new Set<number>();
  const left = [...roots];
  for (let index = left.pop(); index !== undefined; index = left.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    left.push(...(types[index]?.parts ?? []));
  }
  return found;
}

function readType(reader: ScaleReader): SlimType {
  const from = reader.at;
  const parts: number[] = [];
  const part = (): void => {
    parts.push(reader.compact());
  };
  const writer = new ScaleWriter();
  reader.list(() => {
    reader.text();
  });
  reader.list(() => {
    reader.text();
    reader.option(part);
  });
  writer.raw(reader.since(from));
  const kind = reader.byte();
  writer.raw([kind]);
  const fields = (): void => {
    writer.list(reader.list(() => readField(reader, parts)));
  };
  const plain = (read: () => void): void => {
    const begin = reader.at;
    read();
    writer.raw(reader.since(begin));
  };
  switch (kind) {
    case 0:
      fields();
      break;
    case 1:
      writer.compact(reader.peekLength());
      reader.list(() => {
        plain(() => {
          reader.text();
        });
        fields();
        writer.raw([reader.byte(), 0]);
        reader.skipDocs();
      });
      break;
    case 2:
    case 6:
      plain(part);
      break;
    case 3:
      plain(() => {
        reader.skip(4);
        part();
      });
      break;
    case 4:
      plain(() => {
        reader.list(part);
      });
      break;
    case 5:
      plain(() => {
        reader.byte();
      });
      break;
    case 7:
      plain(() => {
        part();
        part();
      });
      break;
    default:
      throw new RangeError(`no type of form ${String(kind)}`);
  }
  reader.skipDocs();
  writer.raw([0]);
  return { bytes: writer.bytes(), parts };
}

function readField(reader: ScaleReader, parts: number[]): Uint8Array {
  const from = reader.at;
  reader.option(() => {
    reader.text();
  });
  parts.push(reader.compact());
  reader.option(() => {
    reader.text();
  });
  const bytes = reader.since(from);
  reader.skipDocs();
  return Uint8Array.of(...bytes, 0);
}

/** Events stay everywhere: to find one, all before it in a block must be decoded. */
function readPallet(reader: ScaleReader, version: number, roots: number[]): Uint8Array {
  const writer = new ScaleWriter();
  const from = reader.at;
  const name = reader.text();
  writer.raw(reader.since(from));
  const isRead = READ_PALLETS.has(name);
  const kept: number[] = [];
  const storage = readStorage(reader, kept);
  writer.raw(isRead && storage !== null ? storage : [0]);
  reader.option(() => reader.compact());
  writer.raw([0]);
  const events = reader.at;
  reader.option(() => {
    roots.push(reader.compact());
  });
  writer.raw(reader.since(events));
  const constants = reader.list(() => readConstant(reader, kept));
  writer.list(isRead ? constants : []);
  reader.option(() => reader.compact());
  writer.raw([0, reader.byte()]);
  if (version >= 15) {
    reader.skipDocs();
    writer.raw([0]);
  }
  if (isRead) roots.push(...kept);
  return writer.bytes();
}

function readStorage(reader: ScaleReader, types: number[]): Uint8Array | null {
  const writer = new ScaleWriter();
  const isThere = reader.option(() => {
    const from = reader.at;
    reader.text();
    writer.raw([1]);
    writer.raw(reader.since(from));
    writer.list(
      reader.list(() => {
        const entry = reader.at;
        reader.text();
        reader.byte();
        if (reader.byte() === 1) {
          reader.list(() => reader.byte());
          types.push(reader.compact());
        }
        types.push(reader.compact());
        reader.blob();
        const bytes = reader.since(entry);
        reader.skipDocs();
        return Uint8Array.of(...bytes, 0);
      }),
    );
  });
  return isThere ? writer.bytes() : null;
}

function readConstant(reader: ScaleReader, types: number[]): Uint8Array {
  const from = reader.at;
  reader.text();
  types.push(reader.compact());
  reader.blob();
  const bytes = reader.since(from);
  reader.skipDocs();
  return Uint8Array.of(...bytes, 0);
}
