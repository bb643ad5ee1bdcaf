/** `vedette run [FILE]`: runs until told to stop, or for a given time. */
import { isLogged, serialiseError, type Logger, type LogLevel } from '@vedette/contract';
import { ConfigFileError, type MonitorsManager, type StrategyRegistry } from '@vedette/manager';
import type { Operator } from '@vedette/operator';
import type { StopReport } from '@vedette/supervisor';
import { problemLines } from '../config-file.js';
import { brokerFrom, logLevelFrom } from '../environment.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { createPlacedHost, hostingSettings, type HostingOptions } from '../hosting.js';
import { watchLag } from '../lag-watch.js';
import { createLogger, type LogFormat } from '../logger.js';
import { operatorOf, operatorWords, type OnRecord, type OpenOperator } from '../operator.js';
import { MessageOutput } from '../output.js';
import { startLoopWatchdog } from '../loop-watchdog.js';
import { createRegistry } from '../registry.js';
import { createRuntime, type Runtime, type RuntimeOptions } from '../runtime.js';
import { onStopSignals } from '../signals.js';
import { noteStuckThread } from '../stuck-threads.js';
import { linkToService, type ServiceLink } from '../systemd/service.js';
import { LiveTable } from '../table/live-table.js';
import { renderCounts, renderTable } from '../table/render.js';
import type { Row } from '../table/row.js';
import { rowsOf } from '../table/rows.js';

/** With half a second for the last kills and the goodbye to the broker, the process is gone within 5 s. */
const STOP_DEADLINE_MS = 4_000;
/** Answers under way at the end of the stop get this long. */
const LAST_WORD_MS = 250;
/** Where operators look, unless told otherwise. */
const LISTEN = '127.0.0.1:9464';
/** A standby that takes over waits so long for the address of its predecessor. */
const TAKE_OVER_MS = 5_000;

/** What one manager of this process works with. */
interface Session {
  readonly file: string | null;
  readonly broker: string;
  readonly registry: StrategyRegistry;
  readonly runtime: RuntimeOptions;
  readonly logger: Logger;
  readonly level: LogLevel;
  readonly output: MessageOutput | null;
  readonly openOperator: OpenOperator;
  readonly isLive: boolean;
  readonly isStandby: boolean;
  readonly stopped: Stopped;
  readonly service: ServiceLink;
  readonly onTable: (table: LiveTable | null) => void;
}

export async function run(file: string | null, options: Record<string, unknown>): Promise<number> {
  const env = process.env;
  const broker =
    (options['broker'] as string | undefined) ??
    brokerFrom(env) ??
    (file === null ? 'amqp://guest:guest@127.0.0.1:5672' : 'embedded');
  const isStandby = options['standby'] === true;
  if (file === null && broker === 'embedded') {
    throw new CommandFailure(
      EXIT.usage,
      'without FILE the config comes from RabbitMQ',
      'Give FILE, or --broker amqp://host',
    );
  }
  if (file !== null && isStandby) {
    throw new CommandFailure(
      EXIT.usage,
      '--standby waits for the queues of RabbitMQ, FILE needs none',
      'Leave one of the two out',
    );
  }
  const registry = await createRegistry(env, options['strategy'] as string[] | undefined);
  const hosting = hostingSettings(options as HostingOptions, registry);
  const target = options['output'] as string | undefined;
  const isLive = process.stdout.isTTY && target !== '-' && options['table'] !== false;
  const output = target === undefined ? null : await MessageOutput.open(target);
  const level = (options['logLevel'] as LogLevel | undefined) ?? logLevelFrom(env);
  let table: LiveTable | null = null;
  let keep: OnRecord | null = null;
  const logger = createLogger({
    level,
    format: options['logFormat'] as LogFormat,
    isColoured: process.stderr.isTTY && env['NO_COLOR'] === undefined,
    isWritten: !isLive,
    onLine: (line) => table?.addLogLine(line),
    onRecord: (...record) => keep?.(...record),
  });
  // Before the first child or thread: they inherit the environment.
  const service = linkToService(env, logger);
  const openOperator = await operatorOf(operatorWords(options, env, LISTEN), logger, (keeper) => {
    keep = keeper;
  });
  const runtime: RuntimeOptions = {
    registry,
    host: await createPlacedHost(hosting, { env, logger, isEmbedded: broker === 'embedded' }),
    file,
    broker,
    stateFolder: (options['state'] as string | undefined) ?? env['VEDETTE_STATE'] ?? '.vedette',
    logger,
    logLevel: level,
    maxConcurrentStarts: options['maxConcurrentStarts'] as number,
    // What workers publish through the embedded broker passes through this process anyway.
    isEchoed: output !== null && broker !== 'embedded',
  };
  const stopped = untilStopped(options['for'] as number | undefined);
  const onTable = (shown: LiveTable | null): void => {
    table = shown;
  };
  const session: Session = {
    file,
    broker,
    registry,
    runtime,
    logger,
    level,
    output,
    openOperator,
    isLive,
    isStandby,
    stopped,
    service,
    onTable,
  };
  const stopWatchdog = startLoopWatchdog(options['watchdog'] as number);
  try {
    // A standby that was at work and was replaced waits for its next turn.
    while ((await manage(session)) === 'replaced');
  } finally {
    stopped.cancel();
    stopWatchdog();
    await Promise.all([output?.close(), service.close()]);
  }
  return EXIT.ok;
}

/** One manager from its turn to its stop. Rejects if it may not work, or not any more, and is no standby. */
async function manage(session: Session): Promise<'stopped' | 'replaced'> {
  const { registry, output, logger, stopped, isLive, service } = session;
  const runtime = createRuntime(session.runtime);
  const { manager, single } = runtime;
  try {
    if (!(await isOurTurn(session, runtime))) {
      await manager.stop(STOP_DEADLINE_MS);
      return 'stopped';
    }
  } catch (error) {
    await manager.stop(STOP_DEADLINE_MS);
    throw error;
  }
  const replaced = new Promise<Error>((resolve) => single?.onReplaced(resolve));
  manager.supervisor.on('message.published', ({ message, outcome, at }) =>
    output?.write(message, outcome, at),
  );
  manager.broker.onSettled((message, outcome) => output?.write(message, outcome, Date.now()));
  const stopLagWatch = watchLag(manager.supervisor, logger);
  const rows = (): Row[] =>
    rowsOf(manager.snapshot(), (kind, facts) => registry.get(kind)?.keyFigure(facts) ?? '', Date.now());
  service.watch(manager);
  // Before the first monitor: a command that cannot do what it was asked starts nothing.
  const operator = await open(session, manager);
  try {
    await start(session, manager);
  } catch (error) {
    await operator?.close();
    throw error;
  }
  const table = isLive
    ? new LiveTable({ out: process.stdout, rows, headline: () => headline(session, manager) })
    : null;
  session.onTable(table);
  table?.start();
  const why = await Promise.race([stopped.reason, replaced]);
  if (typeof why === 'string') logger.log('info', 'Stopping', { component: 'cli', why });
  else logger.log('error', 'Stopping', { component: 'cli', err: serialiseError(why) });
  if (typeof why === 'string' || !session.isStandby)
    service.stopping(typeof why === 'string' ? why : why.message);
  const last = rows();
  table?.stop();
  session.onTable(null);
  stopLagWatch();
  const report = await manager.stop(STOP_DEADLINE_MS);
  await operator?.close(LAST_WORD_MS);
  if (!isLive && isLogged('info', session.level)) summarise(last, report);
  reportForced(report);
  if (typeof why === 'string') return 'stopped';
  if (!session.isStandby) throw why;
  return 'replaced';
}

async function open(
  { openOperator, isStandby }: Session,
  manager: MonitorsManager,
): Promise<Operator | null> {
  try {
    return await openOperator(manager, isStandby ? TAKE_OVER_MS : 0);
  } catch (error) {
    await manager.stop(STOP_DEADLINE_MS);
    throw error;
  }
}

/** False if the stop came first. */
async function isOurTurn(session: Session, { single }: Runtime): Promise<boolean> {
  const { isStandby, stopped, logger, service } = session;
  if (single === null) return true;
  if (isStandby) {
    service.standBy();
    return single.standBy(stopped.signal);
  }
  if ((await single.acquire()) === 'unconfirmed') {
    const fields = { component: 'manager' };
    logger.log('warn', 'Whether another manager is at work is not known before the broker is', fields);
  }
  return !stopped.signal.aborted;
}

async function start({ file, stopped }: Session, manager: MonitorsManager): Promise<void> {
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
}

function headline({ file, broker }: Session, manager: MonitorsManager): string {
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
    if (step === 'abandoned') noteStuckThread();
  }
}

interface Stopped {
  readonly reason: Promise<string>;
  /** Aborted when the reason is there. */
  readonly signal: AbortSignal;
  readonly cancel: () => void;
}

function untilStopped(forMs: number | undefined): Stopped {
  const abort = new AbortController();
  let cancel = (): void => undefined;
  const reason = new Promise<string>((resolve) => {
    const stop = (why: string): void => {
      abort.abort();
      resolve(why);
    };
    const timer =
      forMs === undefined
        ? null
        : setTimeout(() => {
            stop('the time given by --for is over');
          }, forMs);
    const offSignals = onStopSignals(stop, () => {
      process.stderr.write('vedette: ended at once by a second signal\n');
      process.exit(EXIT.failure);
    });
    cancel = () => {
      if (timer !== null) clearTimeout(timer);
      offSignals();
    };
  });
  return { reason, signal: abort.signal, cancel };
}
