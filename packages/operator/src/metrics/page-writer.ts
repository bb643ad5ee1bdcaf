/**
 * A page of text that grows as bytes. Promise: nothing is left behind per line but the line, so that a page of tens of
 * thousands gives the garbage collector nothing to do. No decisions.
 */
const FIRST_BYTES = 64 * 1024;
/** A page is seldom larger than the one before by more. */
const ROOM = 1.1;
const NEWLINE = 0x0a;

export class PageWriter {
  #bytes: Buffer;
  #length = 0;

  /** `expectedBytes`: of the page before. A wrong guess costs a copy. */
  constructor(expectedBytes = 0) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, Math.ceil(expectedBytes * ROOM)));
  }

  text(text: string): void {
    const room = text.length * 3;
    if (this.#length + room > this.#bytes.length) this.#grow(room);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** `name`, `labels` and `value` after each other, and a line end. The value is of ASCII. */
  line(name: Uint8Array, labels: Uint8Array, value: string): void {
    const room = name.length + labels.length + value.length + 1;
    if (this.#length + room > this.#bytes.length) this.#grow(room);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes.set(name, at);
    at += name.length;
    bytes.set(labels, at);
    at += labels.length;
    // Shorter than a call out of JavaScript takes.
    for (let index = 0; index < value.length; index += 1) bytes[at + index] = value.charCodeAt(index);
    at += value.length;
    bytes[at] = NEWLINE;
    this.#length = at + 1;
  }

  /** All of it; the writer is used up. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(room: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + room));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
