/**
 * Deadlines in tests are written for an idle machine; a shared one may take a multiple, and stand still for seconds.
 * Only what waits is multiplied: what a test claims of a time it measured stays as it is written.
 */
export const PATIENCE = 4;
