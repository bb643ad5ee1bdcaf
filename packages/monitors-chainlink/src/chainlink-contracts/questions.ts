/** Calls collected from many places and asked in one go; each place gets the answer to its own. */
import type { JsonRpcSource, RpcAnswer, RpcCall } from '@vedette/monitor';

export class Questions {
  readonly #calls: RpcCall[] = [];
  #answers: readonly RpcAnswer[] = [];

  /** What is returned gives the answer once `ask` has ended; undefined before. */
  add(call: RpcCall): () => RpcAnswer | undefined {
    const index = this.#calls.push(call) - 1;
    return () => this.#answers[index];
  }

  async ask(source: JsonRpcSource): Promise<void> {
    if (this.#calls.length > 0) this.#answers = await source.ask(this.#calls);
  }
}
