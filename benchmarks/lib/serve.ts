/** The measuring side of child.ts. Promise: the process ends with its parent, whatever it is doing. */
import type { Answer, ChildWord } from './child.js';
import type { Progress } from './progress.js';

/** Takes one request, measures, answers, ends. */
export function serve(measure: (args: never, progress: Progress) => Promise<unknown>): void {
  process.once('disconnect', () => process.exit(1));
  process.once('message', (args) => {
    measure(args as never, (text) => {
      say({ type: 'progress', text });
    }).then(
      (value) => {
        say({ type: 'result', value });
      },
      (error: unknown) => {
        say({ type: 'error', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      },
    );
  });
}

/** Asks the parent, one question at a time. */
export function ask<T>(question: string): Promise<T> {
  return new Promise((resolve) => {
    process.once('message', ({ value }: Answer) => {
      resolve(value as T);
    });
    say({ type: 'question', question });
  });
}

export function say(word: ChildWord): void {
  process.send?.(word);
}
