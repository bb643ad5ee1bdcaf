/** The `vedette` command: reads argv and the environment, runs one command, sets the exit status. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { isVedetteError, LOG_LEVELS, maskText } from '@vedette/contract';
import type { BenchOptions } from './commands/bench.js';
import type { ImportOptions } from './commands/import.js';
import type { PlanOptions } from './commands/plan.js';
import { CommandFailure, EXIT } from './exit-codes.js';
import { HOST_WORDS } from './host-words.js';
import {
  duration,
  manyOf,
  oneOf,
  positiveInteger,
  STRATEGY_OPTION,
  wholeNumber,
  withHosting,
} from './options.js';
import { addLocalCommands } from './local-commands.js';
import { addRemoteCommands } from './remote-commands.js';
import { endDespiteThreads } from './stuck-threads.js';

/** Errors the caller's arguments or files are to blame for. */
const USAGE_CODES = /^(CONFIG|STRATEGY|HOST|LISTEN)_|^BROKER_BAD_URL$/;

const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

function build(): Command {
  const program = new Command('vedette')
    .description('Keeps a fleet of blockchain monitors alive: one worker thread each, one manager for all.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(see `vedette --help`)')
    .addHelpText(
      'after',
      `
Examples:
  vedette check monitors.yaml                     all problems of a file at once
  vedette run monitors.yaml                       stand-alone, with the embedded broker
  vedette run monitors.yaml --for 20s --output -  every published message as a JSON line
  vedette run --broker amqp://guest:guest@127.0.0.1:5672
                                                  config from RabbitMQ, as PANIC publishes it
  vedette plan monitors.yaml --host cell          where each would run and what that takes, before starting
  vedette once monitors.yaml --id geth-1          one round of one monitor, as JSON
  vedette import panic/config                     what would run of PANIC's configuration
  vedette kinds evm-node                          settings of a kind, with an example
  vedette bench monitors.yaml                     which host to use on this machine, and how many fit
  vedette doctor monitors.yaml                    what would keep it from working here, and what to do
  vedette status                                  how a running manager is; restart, pause, resume, round
  vedette top                                     its monitors live; events and logs with -f
  vedette apply monitors.yaml --dry-run           what its config would change, where RabbitMQ brings it

Exit status: 0 stopped or done, 1 failed while running, 2 wrong usage or config.`,
    );

  withHosting(program.command('run'))
    .description('run the monitorables of FILE, or those RabbitMQ names')
    .argument('[FILE]', 'YAML or JSON of monitorables; watched. Without it config comes from RabbitMQ')
    .option(
      '--broker <URL>',
      'amqp://user:password@host:port/vhost, or `embedded` [env: VEDETTE_BROKER, RABBIT_IP]',
    )
    .option('--for <DURATION>', 'stop by itself after this long, for example 20s', duration)
    .option('--output <FILE>', 'write every published message as one JSON line; `-` is stdout')
    .option('--state <DIR>', 'where accepted config is kept [env: VEDETTE_STATE; default: ./.vedette]')
    .option(
      '--log-level <LEVEL>',
      `${LOG_LEVELS.join(', ')} [env: VEDETTE_LOG_LEVEL, LOGGING_LEVEL]`,
      oneOf(LOG_LEVELS),
    )
    .option('--log-format <FORMAT>', 'pretty or json', oneOf(['pretty', 'json']), 'pretty')
    .option(...STRATEGY_OPTION)
    .option('--max-concurrent-starts <N>', 'monitors starting at the same time', positiveInteger, 8)
    .option('--watchdog <DURATION>', 'end when the main loop stands still for so long', duration, 30_000)
    .option('--standby', 'wait while another manager is at work, and take over within 5 s of its end')
    .option(
      '--listen <HOST:PORT>',
      'health, metrics and API for operators, or `none` [env: VEDETTE_LISTEN; default: 127.0.0.1:9464]',
    )
    .option('--token-file <FILE>', 'bearer tokens of the API, one a line [env: VEDETTE_API_TOKEN holds one]')
    .option('--allow-actions', 'take actions without a token from this machine; else every action needs one')
    .option('--no-table', 'log lines instead of the live table on a terminal')
    .addHelpText(
      'after',
      `
First Ctrl-C stops in order, a second one at once. Periods: NODE_MONITOR_PERIOD_SECONDS,
SYSTEM_MONITOR_PERIOD_SECONDS as in PANIC, or \`period\` of a monitorable.`,
    )
    .action(async (file: string | undefined, options: Record<string, unknown>) => {
      const { run } = await import('./commands/run.js');
      process.exitCode = await run(file ?? null, options);
    });

  withHosting(program.command('plan'))
    .description('show where everything would run and what it would cost here, before starting')
    .argument('[FILE]', 'YAML or JSON of monitorables')
    .option('--broker <URL>', 'as of `run`; with the embedded broker no connections are needed')
    .option('--kind <KIND>', 'without FILE: what if there were monitors of this kind')
    .option('--monitors <N>', 'with --kind: so many', wholeNumber, 1)
    .option(...STRATEGY_OPTION)
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  vedette plan monitors.yaml --host cell           where everything would run
  vedette plan --kind evm-node --monitors 1000     what a thousand nodes would take

Exit status: 0 it fits, 1 something would be refused, 2 wrong usage or config.`,
    )
    .action(async (file: string | undefined, options: PlanOptions) => {
      const { plan } = await import('./commands/plan.js');
      process.exitCode = await plan(file ?? null, options);
    });

  program
    .command('check')
    .description('show all problems of a config file, with line numbers')
    .argument('<FILE>')
    .option(...STRATEGY_OPTION)
    .option('--json', 'problems as a JSON array')
    .action(async (file: string, options: { json?: boolean; strategy?: string[] }) => {
      const { check } = await import('./commands/check.js');
      process.exitCode = await check(file, options.json === true, options.strategy);
    });

  program
    .command('once')
    .description('run one round of one monitor and print what it saw and published, as JSON')
    .argument('<FILE>')
    .option(...STRATEGY_OPTION)
    .requiredOption('--id <ID>', 'id of the monitorable')
    .action(async (file: string, options: { id: string; strategy?: string[] }) => {
      const { once } = await import('./commands/once.js');
      process.exitCode = await once(file, options.id, options.strategy);
    });

  program
    .command('kinds')
    .description('list the kinds of monitor, or show the settings of one')
    .argument('[KIND]')
    .option(...STRATEGY_OPTION)
    .option('--json', 'as a JSON array')
    .action(async (kind: string | undefined, options: { json?: boolean; strategy?: string[] }) => {
      const { kinds } = await import('./commands/kinds.js');
      process.exitCode = await kinds(kind ?? null, options.json === true, options.strategy);
    });

  program
    .command('publish')
    .description("send the file's monitorables to RabbitMQ as PANIC-form config messages")
    .argument('<FILE>')
    .option('--broker <URL>', 'amqp://user:password@host:port/vhost [env: VEDETTE_BROKER, RABBIT_IP]')
    .option('--remove', 'publish empty lists for the same routing keys: stops what FILE started')
    .action(async (file: string, options: { broker?: string; remove?: boolean }) => {
      const { publish } = await import('./commands/publish.js');
      process.exitCode = await publish(file, options);
    });

  program
    .command('bench')
    .description('measure each host on this machine with the monitors of FILE, and recommend one')
    .argument('[FILE]', 'YAML or JSON of monitorables; without it ten `system` monitors of a local page')
    .option('--broker <URL>', 'amqp://user:password@host:port/vhost, or `embedded`', 'embedded')
    .option('--host <HOST...>', `only these of ${HOST_WORDS.join(', ')}`, manyOf(HOST_WORDS))
    .option('--time <DURATION>', 'for all hosts together', duration, 60_000)
    .option(...STRATEGY_OPTION)
    .option('--json', 'the report as one JSON object')
    .addHelpText(
      'after',
      `
Memory per monitor, time until all run, time from a worker's death until its monitor runs again, processor time of a
round, and from these how many would fit. Each monitor asks its sources a few times. With few monitors copies of them
run too, so that there is a figure per monitor; not with --broker amqp://…, where every round really publishes.

Examples:
  vedette bench                                   this machine, without sources of yours
  vedette bench monitors.yaml                     your monitors
  vedette bench monitors.yaml --host thread cell --json

Exit status: 0 measured, 1 no host could be, 2 wrong usage or config, 130 and 143 stopped by a signal.`,
    )
    .action(async (file: string | undefined, options: BenchOptions) => {
      const { bench } = await import('./commands/bench.js');
      process.exitCode = await bench(file ?? null, options);
    });

  program
    .command('import')
    .description("show what Vedette would run of PANIC's configuration, and write or apply it")
    .argument('<PATH>', "PANIC's `config` folder of INI files, or an export of its `configs` collection")
    .option('--write <FILE>', 'write what would run as a Vedette file; an existing file is left alone')
    .option('--apply', 'publish the config messages to RabbitMQ, as PANIC does at its start')
    .option('--broker <URL>', 'where to apply [env: VEDETTE_BROKER, RABBIT_IP]')
    .option(...STRATEGY_OPTION)
    .option('--json', 'the report as one JSON object')
    .addHelpText(
      'after',
      `
Without --write and --apply nothing is changed anywhere.

Examples:
  vedette import panic/config                      what would run of an INI folder
  mongoexport --uri mongodb://127.0.0.1/panicdb -c configs -o configs.json
  vedette import configs.json                      what would run of PANIC's database
  vedette import configs.json --write monitors.yaml
  vedette import configs.json --apply --broker amqp://guest:guest@127.0.0.1:5672

Exit status: 0 all of it can run, 1 part of it was refused or could not be applied, 2 nothing could be read.`,
    )
    .action(async (path: string, options: ImportOptions) => {
      const { importPanic } = await import('./commands/import.js');
      process.exitCode = await importPanic(path, options);
    });

  addLocalCommands(program);
  addRemoteCommands(program);
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(see --help)');
  return program;
}

async function main(): Promise<void> {
  // A reader that closes early (`vedette kinds | head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
  });
  try {
    const program = build();
    if (process.argv.length <= 2) {
      program.outputHelp({ error: true });
      process.exitCode = EXIT.usage;
      return;
    }
    await program.parseAsync(process.argv);
  } catch (error) {
    process.exitCode = report(error);
  }
  endDespiteThreads();
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CommandFailure) {
    const remedy = error.remedy === undefined ? '' : `\n  ${error.remedy}`;
    process.stderr.write(`vedette: ${maskText(error.message)}${remedy}\n`);
    return error.status;
  }
  if (isVedetteError(error)) {
    process.stderr.write(`vedette: ${error.code} ${maskText(error.message)}\n  ${error.remedy}\n`);
    return USAGE_CODES.test(error.code) ? EXIT.usage : EXIT.failure;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`vedette: ${maskText(text)}\n`);
  return EXIT.failure;
}

await main();
