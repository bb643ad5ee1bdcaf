/**
 * Deadlines in tests are written for an idle machine; a shared one may take a multiple, and stand still for seconds.
 * Only what waits is multiplied: a claim of measured time stays as it is written, unless it names this.
 */
export const PATIENCE = 4;
