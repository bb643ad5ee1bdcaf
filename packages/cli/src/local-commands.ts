/** Commands about this machine and this shell. Loaded with the command line; what they do is loaded when asked. */
import { Argument, type Command } from 'commander';
import type { DoctorOptions } from './commands/doctor.js';
import { ASK_COMMAND, SHELLS, type Shell } from './completion/shells.js';
import { STRATEGY_OPTION } from './options.js';

export function addLocalCommands(program: Command): void {
  program
    .command('doctor')
    .description('check whether Vedette could work here, and say what to do where it could not')
    .argument('[FILE]', 'YAML or JSON of monitorables: each source is asked once')
    .option('--broker <URL>', 'as of `run` [env: VEDETTE_BROKER, RABBIT_IP]')
    .option('--state <DIR>', 'as of `run` [env: VEDETTE_STATE]')
    .option('--listen <HOST:PORT>', 'as of `run` [env: VEDETTE_LISTEN; default: 127.0.0.1:9464]')
    .option(...STRATEGY_OPTION)
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Node, limits of the machine, the broker with its rights, exchanges, queues and their readers, the state folder and its
disk, the sources of FILE, the clock, the port, what earlier runs left. Nothing is changed, sent or started, and it ends
within about a minute whatever it meets.

Examples:
  vedette doctor monitors.yaml                     before a stand-alone run
  vedette doctor --broker amqp://guest:guest@127.0.0.1:5672 --state vedette-state
  vedette doctor monitors.yaml --json

Exit status: 0 nothing failed, 1 something did, 2 wrong usage.`,
    )
    .action(async (file: string | undefined, options: DoctorOptions) => {
      const { doctor } = await import('./commands/doctor.js');
      process.exitCode = await doctor(file ?? null, options);
    });

  program
    .command('completion')
    .description('print what makes a shell complete commands, options, files and ids of monitors')
    .addArgument(new Argument('<SHELL>').choices(SHELLS))
    .addHelpText(
      'after',
      `
Ids are those of the running manager, as \`vedette status\` finds it; where none answers at once, none are offered.

Examples:
  eval "$(vedette completion bash)"                in ~/.bashrc
  eval "$(vedette completion zsh)"                 in ~/.zshrc, after compinit
  vedette completion fish > ~/.config/fish/completions/vedette.fish`,
    )
    .action(async (shell: Shell) => {
      const { SCRIPTS } = await import('./completion/scripts.js');
      process.stdout.write(SCRIPTS[shell]);
    });

  program
    .command(ASK_COMMAND, { hidden: true })
    .argument('[WORDS...]', 'after `vedette`, the last one unfinished')
    .action(async (words: readonly string[]) => {
      const { offer } = await import('./completion/offer.js');
      process.stdout.write(await offer(program, words, process.env));
    });
}
