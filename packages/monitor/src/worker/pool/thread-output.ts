/** Takes what code of this thread writes to its output: piscina would let it through to the process's own. */

/** `tell` gets text as it was written, unmasked. */
export function captureOutput(tell: (stream: 'stdout' | 'stderr', text: string) => void): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    process[stream].write = (
      chunk: Uint8Array | string,
      encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ): boolean => {
      tell(stream, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
      if (callback !== undefined) queueMicrotask(() => callback());
      return true;
    };
  }
}
