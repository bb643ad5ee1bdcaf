/** Defaults that both brokers and their callers share. */

/** AMQP heartbeat in seconds: a half-open link is noticed within twice that. */
export const DEFAULT_HEARTBEAT_SECONDS = 10;
/** A publish not confirmed by then has failed. */
export const DEFAULT_CONFIRM_TIMEOUT_MS = 10_000;
