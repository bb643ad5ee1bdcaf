/** The few forms of the SCALE encoding that metadata is written in. Promise: RangeError for what is not. */

export class ScaleReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** What was read since the reader stood there. */
  since(from: number): Uint8Array {
    return this.#bytes.subarray(from, this.#at);
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('metadata ends too early');
    this.#at += 1;
    return byte;
  }

  skip(count: number): void {
    if (this.#at + count > this.#bytes.length) throw new RangeError('metadata ends too early');
    this.#at += count;
  }

  /** One, two or four bytes, as the two lowest bits say. */
  compact(): number {
    const first = this.byte();
    const form = first & 3;
    if (form === 3) throw new RangeError('metadata holds a number that is too large');
    let value = first >> 2;
    for (let shift = 6, left = form === 2 ? 3 : form; left > 0; left -= 1, shift += 8) {
      value += this.byte() * 2 ** shift;
    }
    return value;
  }

  /** Length of the list that comes, without moving. */
  peekLength(): number {
    const from = this.#at;
    const length = this.compact();
    this.#at = from;
    return length;
  }

  list<T>(read: () => T): T[] {
    const length = this.compact();
    if (length > this.#bytes.length - this.#at) throw new RangeError('metadata ends too early');
    const items: T[] = [];
    for (let left = length; left > 0; left -= 1) items.push(read());
    return items;
  }

  /** True if there is one. */
  option(read: () => unknown): boolean {
    const form = this.byte();
    if (form > 1) throw new RangeError('metadata holds no option where one is due');
    if (form === 1) read();
    return form === 1;
  }

  blob(): Uint8Array {
    const length = this.compact();
    const from = this.#at;
    this.skip(length);
    return this.since(from);
  }

  text(): string {
    return Buffer.from(this.blob()).toString('utf8');
  }

  skipDocs(): void {
    this.list(() => this.blob());
  }
}

export class ScaleWriter {
  readonly #parts: Uint8Array[] = [];

  raw(bytes: Uint8Array | readonly number[]): void {
    this.#parts.push(bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes));
  }

  compact(value: number): void {
    if (value < 2 ** 6) this.raw([value << 2]);
    else if (value < 2 ** 14) this.raw([((value << 2) | 1) & 0xff, value >> 6]);
    else {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, value * 4 + 2, true);
      this.raw(bytes);
    }
  }

  list(items: readonly Uint8Array[]): void {
    this.compact(items.length);
    for (const item of items) this.raw(item);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
