/** What the command's exit status means. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/** Ends a command with a status and a sentence for stderr; the only way commands fail on purpose. */
export class CommandFailure extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** What to do next. */
    readonly remedy?: string,
  ) {
    super(message);
  }
}
