/** The commands that talk to a running `vedette run`. Loaded with the command line; what they do is loaded when asked. */
import type { Command } from 'commander';
import { LOG_LEVELS, type LogLevel } from '@vedette/contract';
import type { RemoteOptions } from './remote/api-client.js';
import type { ApplyOptions } from './remote/apply.js';
import { CommandFailure, EXIT } from './exit-codes.js';
import { atMost, oneOf, STRATEGY_OPTION } from './options.js';

interface StreamOptions {
  readonly follow?: boolean;
  readonly lines?: number;
  readonly json?: boolean;
}

const ACTIONS = {
  restart: 'start a new run of one monitor, also of one that has failed',
  pause: 'stop one monitor until it is resumed',
  resume: 'let a paused monitor run again',
  round: 'have one monitor do a round now',
} as const;
const NARROW = 100;

export function addRemoteCommands(program: Command): void {
  withAddress(program.command('status'))
    .description('show how the running manager and its monitors are, worst first')
    .argument('[ID]', 'one monitor, as in `evm-node:geth-1`')
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 all run and the manager is ready, 1 something is not, 2 wrong usage.',
    )
    .action(async (id: string | undefined, options: RemoteOptions & { json?: boolean }) => {
      const { showStatus } = await import('./remote/status.js');
      process.exitCode = await showStatus(await clientOf(options), {
        id: id ?? null,
        isJson: options.json === true,
        width: widthOf(),
      });
    });

  for (const [word, about] of Object.entries(ACTIONS)) {
    withAddress(program.command(word))
      .description(about)
      .argument('<ID>', 'as in `evm-node:geth-1`; `vedette status` lists them')
      .action(async (id: string, options: RemoteOptions) => {
        await (await clientOf(options)).post(`/api/v1/monitors/${encodeURIComponent(id)}/${word}`);
        process.stdout.write(`${word} of ${id}: done\n`);
        process.exitCode = EXIT.ok;
      });
  }

  addStreamCommands(program);
  addTop(program);
  addConfigCommands(program);
}

function addStreamCommands(program: Command): void {
  withAddress(program.command('events'))
    .description('show what happened in the running manager, and with -f what happens')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('-n, --lines <N>', 'so many of the newest [default: 20, with -f 0]', atMost(1_000))
    .option('--name <EVENT...>', 'only these, such as `monitor.state-changed`')
    .option('--json', 'one JSON object a line')
    .action(async (options: RemoteOptions & StreamOptions & { name?: string[] }) => {
      const { showEvents } = await import('./remote/events.js');
      const isFollowed = options.follow === true;
      process.exitCode = await showEvents(await clientOf(options), {
        names: options.name ?? [],
        isJson: options.json === true,
        isFollowed,
        count: options.lines ?? (isFollowed ? 0 : 20),
      });
    });

  withAddress(program.command('logs'))
    .description('show what the running manager logged, and with -f what it logs')
    .argument('[ID]', 'only about one monitor, as in `evm-node:geth-1`')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('-n, --lines <N>', 'so many of the newest; it keeps 2,000', atMost(1_000), 50)
    .option('--level <LEVEL>', `this urgent or more: ${LOG_LEVELS.join(', ')}`, oneOf(LOG_LEVELS), 'debug')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
What is shown is what \`vedette run\` logs: with its default, --log-level info, nothing of level debug.

Exit status: 0 also after Ctrl-C, 1 where no manager answers, 2 wrong usage.`,
    )
    .action(async (id: string | undefined, options: RemoteOptions & StreamOptions & { level: LogLevel }) => {
      const { showLogs } = await import('./remote/logs.js');
      process.exitCode = await showLogs(await clientOf(options), {
        id: id ?? null,
        level: options.level,
        count: options.lines ?? 50,
        isFollowed: options.follow === true,
        isJson: options.json === true,
        isColoured: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
      });
    });
}

function addTop(program: Command): void {
  withAddress(program.command('top'))
    .description('watch the monitors of the running manager live, with keys')
    .addHelpText(
      'after',
      `
Keys: q quits, / filters as you type (id, name, kind, chain, state, health, host), s and S change the order, r reverses it,
Enter shows one monitor, Esc goes back; arrows, page keys, Home and End move. No colours where NO_COLOR is set.`,
    )
    .action(async (options: RemoteOptions) => {
      if (!process.stdout.isTTY || !process.stdin.isTTY) {
        const remedy = 'Use `vedette status`, which also has --json';
        throw new CommandFailure(EXIT.usage, 'top needs a terminal to draw on and to take keys from', remedy);
      }
      const { showTop } = await import('./top/top.js');
      process.exitCode = await showTop(await clientOf(options), process.env['NO_COLOR'] === undefined);
    });
}

function addConfigCommands(program: Command): void {
  withAddress(program.command('apply'))
    .description("make the running manager's config for the routing keys of FILE what FILE says")
    .argument('<FILE>', 'YAML or JSON of monitorables, as of `publish`')
    .option('--dry-run', 'say what would change, and change nothing')
    .option(...STRATEGY_OPTION)
    .option('--json', 'the changes as one JSON object')
    .addHelpText(
      'after',
      `
All of FILE is planned first; where a message cannot be used as a whole, none is applied. What runs under other routing
keys is left alone. A manager that was started with a file takes its config from there only: edit that.

Examples:
  vedette apply monitors.yaml --dry-run            what would start, restart, stop, be refused
  vedette apply monitors.yaml

Exit status: 0 all of it is applied (or could be), 1 part of it was refused or nothing was applied, 2 wrong usage.`,
    )
    .action(async (file: string, options: RemoteOptions & ApplyOptions) => {
      const { apply } = await import('./remote/apply.js');
      process.exitCode = await apply(await clientOf(options), file, options, widthOf());
    });

  withAddress(program.command('reload'))
    .description('have the running manager read its config file again now')
    .addHelpText('after', '\nExit status: 0 it was taken, 1 it was refused, 2 wrong usage.')
    .action(async (options: RemoteOptions) => {
      const { reload } = await import('./remote/apply.js');
      process.exitCode = await reload(await clientOf(options));
    });
}

function widthOf(): number {
  return process.stdout.isTTY ? process.stdout.columns : NARROW * 2;
}

async function clientOf(options: RemoteOptions) {
  const { ApiClient } = await import('./remote/api-client.js');
  return new ApiClient(options, process.env);
}

function withAddress(command: Command): Command {
  return command
    .option('--url <URL>', 'where it listens [env: VEDETTE_LISTEN; default: http://127.0.0.1:9464]')
    .option('--token-file <FILE>', 'holds a bearer token [env: VEDETTE_API_TOKEN holds one]');
}
