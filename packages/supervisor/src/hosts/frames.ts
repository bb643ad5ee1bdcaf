/**
 * Many messages as one run of bytes outside the heap. Promise: a flood of messages that cannot leave a process
 * yet costs it bytes, not objects, so that a small heap survives it.
 */
import { deserialize, serialize } from 'node:v8';

const LENGTH_BYTES = 4;
const FIRST_BYTES = 64 * 1024;

export class Frames {
  #bytes = Buffer.alloc(0);
  #used = 0;

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  push(message: unknown): void {
    const frame = serialize(message);
    this.#makeRoomFor(LENGTH_BYTES + frame.length);
    this.#bytes.writeUInt32LE(frame.length, this.#used);
    frame.copy(this.#bytes, this.#used + LENGTH_BYTES);
    this.#used += LENGTH_BYTES + frame.length;
  }

  /** All that was pushed, and begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#bytes = Buffer.alloc(0);
    this.#used = 0;
    return taken;
  }

  #makeRoomFor(more: number): void {
    const needed = this.#used + more;
    if (needed <= this.#bytes.length) return;
    // Not from the pool: these are large, and soon let go.
    const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, this.#bytes.length * 2, needed));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

/** The messages of {@link Frames.take}, in order. */
export function* messagesIn(frames: Uint8Array): Generator {
  const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at);
    at += LENGTH_BYTES;
    yield deserialize(bytes.subarray(at, at + length));
    at += length;
  }
}
