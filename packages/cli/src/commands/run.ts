/** `vedette run [FILE]`: runs until told to stop, or for a given time. */
import { isLogged, type LogLevel } from '@vedette/contract';
import { ConfigFileError, type MonitorsManager } from '@vedette/manager';
import type { StopReport } from '@vedette/supervisor';
import { problemLines } from '../config-file.js';
import { brokerFrom, logLevelFrom } from '../environment.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { watchLag } from '../lag-watch.js';
import { createLogger, type LogFormat } from '../logger.js';
import { MessageOutput } from '../output.js';
import { createRegistry } from '../registry.js';
import { createManager } from '../runtime.js';
import { onStopSignals } from '../signals.js';
import { LiveTable } from '../table/live-table.js';
import { renderCounts, renderTable } from '../table/render.js';
import { rowsOf, type Row } from '../table/rows.js';

const STOP_DEADLINE_MS = 5_000;

export async function run(file: string | null, options: Record<string, unknown>): Promise<number> {
  const env = process.env;
  const broker =
    (options['broker'] as string | undefined) ??
    brokerFrom(env) ??
    (file === null ? 'amqp://guest:guest@127.0.0.1:5672' : 'embedded');
  if (file === null && broker === 'embedded') {
    throw new CommandFailure(
      EXIT.usage,
      'without FILE the config comes from RabbitMQ',
      'Give FILE, or --broker amqp://host',
    );
  }
  const registry = await createRegistry(env, options['strategy'] as string[] | undefined);
  const target = options['output'] as string | undefined;
  const isLive = process.stdout.isTTY && target !== '-' && options['table'] !== false;
  const output = target === undefined ? null : await MessageOutput.open(target);
  const level = (options['logLevel'] as LogLevel | undefined) ?? logLevelFrom(env);
  let table: LiveTable | null = null;
  const logger = createLogger({
    level,
    format: options['logFormat'] as LogFormat,
    isColoured: process.stderr.isTTY && env['NO_COLOR'] === undefined,
    isWritten: !isLive,
    onLine: (line) => table?.addLogLine(line),
  });
  const manager = createManager({
    registry,
    file,
    broker,
    stateFolder: (options['state'] as string | undefined) ?? env['VEDETTE_STATE'] ?? '.vedette',
    logger,
    logLevel: level,
    maxConcurrentStarts: options['maxConcurrentStarts'] as number,
    // What workers publish through the embedded broker passes through this process anyway.
    isEchoed: output !== null && broker !== 'embedded',
  });
  manager.supervisor.on('message.published', ({ message, outcome, at }) =>
    output?.write(message, outcome, at),
  );
  manager.broker.onSettled((message, outcome) => output?.write(message, outcome, Date.now()));
  const stopLagWatch = watchLag(manager.supervisor, logger);
  const rows = (): Row[] =>
    rowsOf(manager.snapshot(), (kind, facts) => registry.get(kind)?.keyFigure(facts) ?? '', Date.now());

  const stopped = untilStopped(options['for'] as number | undefined);
  try {
    await manager.start();
  } catch (error) {
    await manager.stop(STOP_DEADLINE_MS);
    stopped.cancel();
    if (!(error instanceof ConfigFileError)) throw error;
    throw new CommandFailure(
      EXIT.usage,
      `${error.message}\n${problemLines(file ?? '', error.problems).join('\n')}`,
    );
  }
  if (isLive) {
    table = new LiveTable({ out: process.stdout, rows, headline: () => headline(file, broker, manager) });
    table.start();
  }
  const why = await stopped.reason;
  logger.log('info', 'Stopping', { component: 'cli', why });
  const last = rows();
  table?.stop();
  stopLagWatch();
  const report = await manager.stop(STOP_DEADLINE_MS);
  stopped.cancel();
  await output?.close();
  if (!isLive && isLogged('info', level)) summarise(last, report);
  reportForced(report);
  return EXIT.ok;
}

function headline(file: string | null, broker: string, manager: MonitorsManager): string {
  const from = file ?? 'RabbitMQ';
  const link = broker === 'embedded' ? 'embedded broker' : `broker ${manager.broker.link}`;
  return `vedette  ${from}, ${link}, Ctrl-C stops`;
}

/** For a run without a live table: where everything stood when the stop was asked for. */
function summarise(rows: readonly Row[], report: StopReport): void {
  const width = process.stderr.isTTY ? process.stderr.columns : 160;
  const lines = ['', `At the stop: ${renderCounts(rows)}`, ...renderTable(rows, width, process.stderr.isTTY)];
  lines.push('', `Stopped ${report.stopped.length} monitors in ${(report.elapsedMs / 1000).toFixed(1)} s`);
  process.stderr.write(`${lines.join('\n')}\n`);
}

function reportForced(report: StopReport): void {
  for (const { componentName, step } of report.forced) {
    process.stderr.write(`vedette: ${componentName} did not stop in time and was forced (${step})\n`);
  }
}

function untilStopped(forMs: number | undefined): { reason: Promise<string>; cancel: () => void } {
  let cancel = (): void => undefined;
  const reason = new Promise<string>((resolve) => {
    const timer =
      forMs === undefined
        ? null
        : setTimeout(() => {
            resolve('the time given by --for is over');
          }, forMs);
    const offSignals = onStopSignals(resolve, () => {
      process.stderr.write('vedette: ended at once by a second signal\n');
      process.exit(EXIT.failure);
    });
    cancel = () => {
      if (timer !== null) clearTimeout(timer);
      offSignals();
    };
  });
  return { reason, cancel };
}
