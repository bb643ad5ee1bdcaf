/** The `vedette` command as a child process, as an operator runs it. */
import { join } from 'node:path';
import { startProgram, type Ended, type Program, type ProgramOptions } from './program.js';
import { ROOT } from './root.js';

const BIN = join(ROOT, 'packages/cli/bin/vedette.js');

export type { Ended } from './program.js';
export type VedetteOptions = Omit<ProgramOptions, 'inherits'>;

/** Its log is on stderr: {@link Vedette.says} looks there. */
export type Vedette = Omit<Program, 'complains'>;

/** Everything a test needs is passed in: no setting of the machine gets through. */
export function startVedette(args: readonly string[], options: VedetteOptions = {}): Vedette {
  const { complains, ...program } = startProgram([BIN, ...args], {
    ...options,
    // Any free port: commands of several tests run side by side.
    env: { VEDETTE_LISTEN: '127.0.0.1:0', ...options.env },
    inherits: (name) => !/^(VEDETTE_|RABBIT_|GITHUB_|DOCKERHUB_|.*_SECONDS$)/.test(name),
  });
  return { ...program, says: complains };
}

/** Runs a command to its end. */
export function runVedette(args: readonly string[], options: VedetteOptions = {}): Promise<Ended> {
  return startVedette(args, options).ended;
}
