/**
 * What ends one call of the author's code early. An AbortController whose signal is made when somebody asks for it:
 * it costs more than all else of a round that looks at none.
 */
export class Abort {
  #controller: AbortController | null = null;
  #isAborted = false;
  #reason: unknown = undefined;

  get aborted(): boolean {
    return this.#isAborted;
  }
  /** Undefined before. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Always the same one. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The first one counts. */
  abort(reason: Error): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
