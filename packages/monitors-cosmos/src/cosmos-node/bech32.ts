/** Bech32 addresses as upper-case hex. Twenty lines instead of a library: a thread pays for each. */
const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_LENGTH = 6;
const MAX_LENGTH = 200;

/** Null for text that is no bech32 address. */
export function bech32ToHex(text: string): string | null {
  if (text.length > MAX_LENGTH || (text !== text.toLowerCase() && text !== text.toUpperCase())) return null;
  const address = text.toLowerCase();
  const separator = address.lastIndexOf('1');
  if (separator < 1 || address.length - separator - 1 < CHECKSUM_LENGTH) return null;
  const prefix = Array.from(address.slice(0, separator), (letter) => letter.charCodeAt(0));
  const words = Array.from(address.slice(separator + 1), (letter) => CHARSET.indexOf(letter));
  if (words.includes(-1)) return null;
  const expanded = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31)];
  if (polymod([...expanded, ...words]) !== 1) return null;
  return bytesOf(words.slice(0, -CHECKSUM_LENGTH)).toString('hex').toUpperCase();
}

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of GENERATOR.entries()) if ((top >>> bit) & 1) check ^= term;
  }
  return check >>> 0;
}

/** Five-bit words as bytes; bits left over are padding. */
function bytesOf(words: readonly number[]): Buffer {
  const bytes: number[] = [];
  let [bits, count] = [0, 0];
  for (const word of words) {
    bits = ((bits << 5) | word) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Buffer.from(bytes);
}
