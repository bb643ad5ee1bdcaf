/**
 * Turns the supervisor's events into log lines: one per change, constant sentences, the rest in
 * fields. The only place where supervision is logged.
 */
import {
  ERROR_CODES,
  type LogFields,
  type Logger,
  type LogLevel,
  type SerialisedError,
} from '@vedette/contract';
import type { OfMonitor, StateChanged, SupervisorEvents } from './events.js';
import type { Supervisor } from './supervisor.js';

const LINES: Readonly<Record<StateChanged['to']['state'], readonly [LogLevel, string]>> = {
  starting: ['debug', 'Monitor is starting'],
  running: ['info', 'Monitor is running'],
  backoff: ['warn', 'Monitor went down and will be restarted'],
  stopping: ['info', 'Monitor is stopping'],
  stopped: ['info', 'Monitor is stopped'],
  failed: ['error', 'Monitor failed and stays down'],
};

/** Writes one line per change from now on. Returns a function that ends it. */
export function logEvents(supervisor: Supervisor, logger: Logger): () => void {
  const undo: (() => void)[] = [];
  const on = <K extends keyof SupervisorEvents>(name: K, write: (event: SupervisorEvents[K][0]) => void) => {
    const listener = write as (...payload: unknown[]) => void;
    (supervisor as NodeJS.EventEmitter).on(name, listener);
    undo.push(() => (supervisor as NodeJS.EventEmitter).off(name, listener));
  };

  /** Told once per wait for room, however often it asks in vain. */
  const refused = new Set<string>();
  on('monitor.removed', ({ id }) => refused.delete(id));
  on('monitor.state-changed', (event) => {
    if (event.to.state === 'running') refused.delete(event.id);
    if (event.cause === 'refused') {
      const level = refused.has(event.id) ? 'debug' : 'warn';
      refused.add(event.id);
      logger.log(level, 'Monitor was refused a start and waits for room', {
        ...fieldsOf(event),
        ...errorFields(event.error),
      });
      return;
    }
    const [level, sentence] = LINES[event.to.state];
    const isRecovery = event.to.state === 'stopping' && event.error !== null;
    logger.log(isRecovery ? 'warn' : level, sentence, {
      ...fieldsOf(event),
      ...(event.cause === null ? {} : { cause: event.cause }),
      ...(event.to.state === 'running' ? { host: event.to.hostId } : {}),
      ...(event.to.state === 'backoff' ? { until: event.to.until } : {}),
      ...errorFields(event.error),
    });
  });
  on('monitor.health-changed', (event) => {
    const isBad = event.to !== 'healthy' && event.to !== 'unknown';
    const isNews = isBad || (event.to === 'healthy' && event.from !== 'unknown');
    const level: LogLevel = isBad ? 'warn' : isNews ? 'info' : 'debug';
    logger.log(level, 'Monitor health changed', { ...fieldsOf(event), from: event.from, to: event.to });
  });
  on('monitor.paused', (event) => {
    logger.log('info', 'Monitor is paused', fieldsOf(event));
  });
  on('monitor.resumed', (event) => {
    logger.log('info', 'Monitor is resumed', fieldsOf(event));
  });
  on('monitor.forced', (event) => {
    const { step, error } = event;
    const sentence = step === 'terminated' ? 'Monitor was stopped by force' : 'Monitor cannot be stopped';
    logger.log(step === 'terminated' ? 'warn' : 'error', sentence, {
      ...fieldsOf(event),
      ...errorFields(error),
    });
  });
  on('monitor.link-changed', (event) => {
    const { link, replaced, error } = event;
    // A lost broker is told once by whoever owns the broker, not once per monitor.
    const fields = { ...fieldsOf(event), link, replaced, ...errorFields(error) };
    logger.log('debug', 'Monitor link to the broker changed', fields);
  });
  on('monitor.logged', (event) => {
    logger.log(event.level, event.sentence, { ...event.fields, ...fieldsOf(event), component: 'worker' });
  });
  return () => {
    for (const off of undo.splice(0)) off();
  };
}

function fieldsOf(event: OfMonitor): LogFields {
  return { component: 'supervisor', monitorId: event.id, kind: event.spec.kind, attempt: event.attempt };
}

function errorFields(error: SerialisedError | null): LogFields {
  if (error === null) return {};
  const remedy = error.code === null ? {} : { remedy: ERROR_CODES[error.code][1] };
  return { code: error.code, ...remedy, err: error };
}
