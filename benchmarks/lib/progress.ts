/** Says on stderr what is being measured, so that stdout stays for results. */
const QUIET_MS = 2_000;

export type Progress = (text: string) => void;

/** On a terminal one line that changes; elsewhere a line now and then. */
export function stderrProgress(): { readonly say: Progress; readonly clear: () => void } {
  const { stderr } = process;
  let saidAt = -Infinity;
  let isLineOpen = false;
  const clear = (): void => {
    if (isLineOpen) stderr.write('\r\u001b[2K');
    isLineOpen = false;
  };
  return {
    clear,
    say(text) {
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2Kbench: ${text}`.slice(0, stderr.columns));
        isLineOpen = true;
        return;
      }
      if (performance.now() - saidAt < QUIET_MS) return;
      saidAt = performance.now();
      stderr.write(`bench: ${text}\n`);
    },
  };
}
