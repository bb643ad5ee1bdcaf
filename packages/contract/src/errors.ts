/** One coded error type. Each code has a meaning and a remedy here, and a row in ERRORS.md. */
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/** Every code: what it means and what to do. `ERRORS.md` is made of it. */
export const ERROR_CODES = {
  CONFIG_NOT_JSON: ['A config message is not valid JSON', 'Publish a JSON object as UTF-8 text'],
  CONFIG_WRONG_TYPE: ['A value has the wrong JSON type', 'Send an object of objects: config id to settings'],
  CONFIG_TOO_LARGE: ['A config message exceeds the size limit', 'Split it over several chains or files'],
  CONFIG_TOO_DEEP: ['A config message is nested too deeply', 'Send flat settings objects'],
  CONFIG_TOO_MANY: ['A config message names too many monitorables', 'Split it over several chains or files'],
  CONFIG_FORBIDDEN_KEY: ['A key would touch object prototypes', 'Use another config id or field name'],
  CONFIG_MISSING_FIELD: ['A required field is missing', 'Add the named field'],
  CONFIG_INVALID_FIELD: ['A field has an unusable value', 'Correct the named field'],
  CONFIG_INVALID_URL: ['A URL cannot be used', 'Give a complete http:// or https:// URL'],
  CONFIG_UNKNOWN_KIND: [
    'No strategy is registered for this kind',
    'See `vedette kinds` for the kinds there are',
  ],
  CONFIG_UNKNOWN_ROUTING_KEY: [
    'No strategy answers this routing key',
    'See the routing keys in `vedette kinds`',
  ],
  CONFIG_DUPLICATE_ID: ['Two monitorables share one id', 'Give each monitorable its own id'],
  CONFIG_FILE_UNREADABLE: ['The config file cannot be read', 'Check its path and permissions'],
  CONFIG_FILE_SYNTAX: ['The config file is not valid YAML, JSON or INI', 'Correct the line named'],
  STRATEGY_DUPLICATE_KIND: ['A kind was registered twice', 'Register each kind once'],
  STRATEGY_FAILED: ['A strategy threw instead of refusing', 'Report it: a strategy must return refusals'],
  STORE_WRITE_FAILED: [
    'The wanted state could not be stored',
    'Free disk space or fix the permissions of --state',
  ],
  STORE_UNREADABLE: ['A stored scope is damaged and was set aside', 'Publish its config again'],
  STORE_NEWER_VERSION: [
    'A stored scope was written by a newer Vedette',
    'Upgrade, or publish its config again',
  ],
  ADMISSION_REFUSED: [
    'There is no room for one more monitor',
    'Free or raise the resource named, or choose a host that needs less of it; it is tried again',
  ],
  MONITOR_MODULE_UNLOADABLE: ['The monitor module cannot be loaded', 'Check the module address and build it'],
  MONITOR_MODULE_INVALID: [
    'The module does not export a monitor',
    'Export `defineMonitor({...})` as default',
  ],
  MONITOR_OPEN_FAILED: ['The monitor could not open', 'See the cause; it is tried again'],
  MONITOR_START_TIMEOUT: [
    'The worker did not become ready in time',
    'It is tried again; raise startTimeoutMs if slow',
  ],
  MONITOR_EXITED: ['The worker ended by itself', 'It is restarted; see its last log lines'],
  MONITOR_CRASHED: ['The worker threw an uncaught error', 'It is restarted; see the cause'],
  MONITOR_MOVED: [
    'The worker was moved to another thread or cell',
    'Nothing: it made way, or a neighbour failed',
  ],
  MONITOR_OUT_OF_MEMORY: [
    'The worker hit its heap limit',
    'It is restarted; raise its memory limit if it needs more',
  ],
  MONITOR_MEMORY_MARK: [
    'The worker passed its soft memory mark',
    'It was recycled before V8 aborts the process',
  ],
  MONITOR_HUNG: ['The work loop stopped beating', 'It was terminated and restarted'],
  MONITOR_ROUND_TIMEOUT: [
    'A round passed its deadline',
    'Look at its sources; raise roundTimeoutMs if they are slow',
  ],
  MONITOR_ROUND_FAILED: [
    'A round failed without a mapped error',
    'See the cause; the next round runs on time',
  ],
  MONITOR_STOP_TIMEOUT: [
    'The worker did not stop in time and was forced',
    'Make close() and round() obey their signal',
  ],
  MONITOR_RESTART_LIMIT: ['The monitor used up its restarts', 'Fix the cause, then restart it by hand'],
  MONITOR_NOT_RUNNING: ['The monitor is not running', 'Wait until it runs, or restart it'],
  MONITOR_PAUSED: ['The monitor is paused', 'Resume it, then ask again'],
  MONITOR_UNKNOWN_ID: ['No monitor has this id', 'List the ids with `vedette check FILE`'],
  SOURCE_UNREACHABLE: ['A source cannot be reached', 'Check that it runs and its URL is right'],
  SOURCE_TIMEOUT: ['A source did not answer in time', 'Check the load of the source'],
  SOURCE_READ_FAILED: ['A source broke off its answer', 'Check the source and the line to it'],
  SOURCE_BAD_URL: ['The URL of a source cannot be used', 'Correct the URL in the config'],
  SOURCE_TOO_LARGE: ['An answer exceeded the size limit', 'Check that the URL is the right one'],
  SOURCE_REDIRECT_REFUSED: ['A source redirected to another host', 'Give the final URL in the config'],
  SOURCE_HTTP_STATUS: ['A source answered with an error status', 'Check access rights and rate limits'],
  SOURCE_BAD_BODY: ['An answer is not what the source should send', 'Check that the URL is the right one'],
  SOURCE_METRIC_MISSING: ['A required metric is absent', 'Check the exporter version and its collectors'],
  SOURCE_UNSUPPORTED: [
    'A source does not offer what is to be read',
    'Point the monitor at a chain that has it, or switch the monitor off',
  ],
  BROKER_UNREACHABLE: [
    'The broker cannot be reached',
    'Start RabbitMQ or correct --broker; it is tried again',
  ],
  BROKER_ACCESS_REFUSED: [
    'The broker refused the credentials or rights',
    'Correct user, password, vhost or permissions',
  ],
  BROKER_BAD_URL: ['The broker URL cannot be used', 'Use amqp://user:password@host:port/vhost'],
  BROKER_CONNECTION_LOST: [
    'The broker connection was lost',
    'It is rebuilt; look at the broker if it repeats',
  ],
  BROKER_TOPOLOGY_REFUSED: [
    'The broker refused a declaration',
    'An exchange or queue exists with other arguments',
  ],
  BROKER_UNROUTABLE: ['A mandatory message reached no queue', 'Start the consumer that declares the queue'],
  BROKER_NACKED: ['The broker refused a message', 'Look at the broker: disk, memory, queue limits'],
  BROKER_CONFIRM_TIMEOUT: ['A publish was not confirmed in time', 'Look at the load of the broker'],
  BROKER_CLOSED: ['The broker link was closed by us', 'Nothing: a stop is under way'],
  PROTOCOL_VERSION_MISMATCH: [
    'Worker and host speak different versions',
    'Build all packages from one version',
  ],
  PROTOCOL_UNKNOWN_MESSAGE: [
    'A worker sent a message of unknown type',
    'Build all packages from one version',
  ],
  HOST_OPTION_INVALID: ['A host was asked for what it cannot give', 'Use a value within the limit named'],
  SUPERVISOR_ILLEGAL_MOVE: ['A state change is not in the table', 'Report it: this is a defect of Vedette'],
  SUPERVISOR_STOPPED: ['The supervisor is stopping or stopped', 'Start a new one'],
  MANAGER_ALREADY_RUNNING: [
    'Another manager consumes these queues',
    'Stop it first, or start this one with --standby',
  ],
  MANAGER_HUNG: [
    'The main loop of the manager stood still, so its process was ended',
    'Have it started again, or run a --standby beside it; report what it did last',
  ],
  MANAGER_OWNS_NO_FILE: [
    'The config comes as messages, so there is nothing to read again',
    'Publish the config, or apply it',
  ],
  MANAGER_OWNS_FILE: ['The config comes from a file', 'Change the file; it is read again by itself'],
  MANAGER_NOT_RUNNING: ['The manager is not running', 'Call start() first'],
  LISTEN_BAD_ADDRESS: [
    'The address of --listen cannot be used',
    'Use HOST:PORT, for example 127.0.0.1:9464, or none',
  ],
  LISTEN_ADDRESS_IN_USE: [
    'Another program listens on this address',
    'Give another port with --listen, 0 for a free one, or --listen none',
  ],
  LISTEN_FAILED: ['The address cannot be listened on', 'Correct --listen, or use --listen none'],
  LISTEN_NEEDS_TOKEN: [
    'An address others can reach was given without a token',
    'Set --token-file or VEDETTE_API_TOKEN, or listen on 127.0.0.1',
  ],
  LISTEN_BAD_TOKEN: [
    'The token of the API cannot be used',
    'Use 16 to 200 visible characters without blanks, for example of `openssl rand -hex 32`',
  ],
  API_BAD_REQUEST: ['A request cannot be understood', 'Correct the field named; see /api/v1/openapi.json'],
  API_TOKEN_REQUIRED: ['This needs a token', 'Send the header Authorization: Bearer TOKEN'],
  API_BAD_TOKEN: [
    'The token is not one of those accepted',
    'Use a token of --token-file or VEDETTE_API_TOKEN',
  ],
  API_ACTIONS_NOT_ALLOWED: [
    'Actions are not allowed without a token',
    'Set --token-file or VEDETTE_API_TOKEN; on loopback --allow-actions does without',
  ],
  API_FOREIGN_HOST: [
    'The Host header names another machine',
    'Use the address Vedette listens on, or send a token',
  ],
  API_FOREIGN_ORIGIN: ['Another web site asked for an action', "Use Vedette's own pages, or a program"],
  API_NOT_FOUND: ['There is nothing at this path', 'See the paths in /api/v1/openapi.json'],
  API_METHOD_NOT_ALLOWED: ['This path does not take this method', 'See the methods in /api/v1/openapi.json'],
  API_TOO_LARGE: ['The body of a request is too large', 'Split it over several chains'],
  API_UNSUPPORTED_TYPE: [
    'The body of a request is no JSON',
    'Send the header Content-Type: application/json',
  ],
  API_TOO_MANY_FAILURES: [
    'Too many wrong tokens came from this address',
    'Wait a minute, then use the right one',
  ],
  API_BUSY: [
    'Too many ask at the same time',
    'Close streams of events that nobody reads, or ask again later',
  ],
  API_FAILED: ['A request failed by a defect of Vedette', 'Report it with the lines of the log'],
  DOCTOR_NODE_TOO_OLD: ['Node.js is older than Vedette needs', 'Install the version named or a later one'],
  DOCTOR_LIMIT_LOW: [
    'A limit of this machine leaves little room for monitors',
    'Raise the limit named; `vedette plan FILE` says what the monitors take',
  ],
  DOCTOR_STATE_FOLDER: [
    'The state folder cannot be used as it is',
    'Correct its owner and mode (0700), or name another with --state',
  ],
  DOCTOR_DISK_LOW: [
    'The disk of the state folder is nearly full',
    'Free space, or name another with --state',
  ],
  DOCTOR_LEFTOVERS: ['Something of an earlier run was left behind', 'Look at what is named, then remove it'],
  DOCTOR_CLOCK_OFF: ['The clock of this machine is wrong', 'Have it set by NTP, for example with chrony'],
  DOCTOR_QUEUE_UNREAD: [
    'Config waits in a queue that nobody reads',
    'Start `vedette run --broker URL`, or the manager of PANIC that reads it',
  ],
  CLI_USAGE: ['The command line cannot be understood', 'See --help'],
} as const satisfies Record<string, readonly [meaning: string, remedy: string]>;

/** One of the codes of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** An error as it crosses a thread border or stands in a log: Node drops `code` and details otherwise. */
export interface SerialisedError {
  readonly code: ErrorCode | null;
  readonly name: string;
  readonly message: string;
  readonly details: JsonObject;
  readonly stack?: string | undefined;
  readonly cause?: SerialisedError | undefined;
}

const BRAND = Symbol.for('vedette.error');

/** Every failure: a code, a sentence, plain details without credentials, and its cause. */
export class VedetteError extends Error {
  override readonly name = 'VedetteError';
  readonly code: ErrorCode;
  readonly details: JsonObject;

  /** `message` names the id, the limit and the value; secrets must be masked by the caller. */
  constructor(code: ErrorCode, message: string, options: { details?: JsonObject; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** What to do next. */
  get remedy(): string {
    return ERROR_CODES[this.code][1];
  }
}

/** Works across copies of this package (worker bundles hold their own). */
export function isVedetteError(error: unknown, code?: ErrorCode): error is VedetteError {
  return (
    typeof error === 'object' &&
    error !== null &&
    BRAND in error &&
    (code === undefined || ('code' in error && error.code === code))
  );
}

const MAX_CAUSES = 5;

/** Makes plain data of anything thrown; at most five causes deep. */
export function serialiseError(error: unknown, depth = 0): SerialisedError {
  if (!(error instanceof Error)) {
    const text = typeof error === 'string' ? error : `${typeof error} was thrown`;
    return { code: null, name: 'NonError', message: text.slice(0, 2000), details: {} };
  }
  const cause =
    error.cause === undefined || depth >= MAX_CAUSES ? undefined : serialiseError(error.cause, depth + 1);
  const system = (error as NodeJS.ErrnoException).code;
  const details: Record<string, JsonValue> = isVedetteError(error) ? { ...error.details } : {};
  if (!isVedetteError(error) && typeof system === 'string') details['system'] = system;
  return {
    code: isVedetteError(error) ? error.code : null,
    name: error.name,
    message: error.message.slice(0, 2000),
    details,
    stack: error.stack?.slice(0, 4000),
    cause,
  };
}

/** Rebuilds an error from {@link serialiseError}; an uncoded one takes `fallback` as its code. */
export function reviveError(data: SerialisedError, fallback: ErrorCode): VedetteError {
  const cause = data.cause === undefined ? undefined : reviveError(data.cause, fallback);
  const error = new VedetteError(data.code ?? fallback, data.message, {
    details: isJsonObject(data.details) ? data.details : {},
    ...(cause === undefined ? {} : { cause }),
  });
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}
