/**
 * Tells what work loops wrote into their vitals. The timer proves nothing and need not: without a turn of the
 * work loop its words stay as they are, and then nothing is told.
 */
export class VitalsTeller {
  readonly #tell: (changed: readonly (readonly [key: number, words: readonly number[]])[]) => void;
  readonly #slots = new Map<number, { readonly words: Int32Array; told: string }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(tell: (changed: readonly (readonly [key: number, words: readonly number[]])[]) => void) {
    this.#tell = tell;
  }

  /** `everyMs` counts for all slots, as the first asked for it. */
  add(key: number, vitals: SharedArrayBuffer, everyMs: number): void {
    this.#slots.set(key, { words: new Int32Array(vitals), told: '' });
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => {
      this.#look();
    }, everyMs).unref();
  }

  remove(key: number): void {
    this.#slots.delete(key);
  }

  #look(): void {
    const changed: [number, number[]][] = [];
    for (const [key, slot] of this.#slots) {
      const words = Array.from(slot.words, (_word, index) => Atomics.load(slot.words, index));
      const text = words.join();
      if (text === slot.told) continue;
      slot.told = text;
      changed.push([key, words]);
    }
    if (changed.length > 0) this.#tell(changed);
  }
}
