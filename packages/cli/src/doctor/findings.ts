/** What `vedette doctor` finds, and how it is shown. Pure. Promise: no credential is shown, whatever a check says. */
import { ERROR_CODES, maskText, printable, type ErrorCode } from '@vedette/contract';

export type FindingState = 'ok' | 'warning' | 'failed' | 'skipped';

export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** `skipped`: could not be looked at, or means nothing here. */
  readonly state: FindingState;
  readonly what: string;
  /** Of ERRORS.md; null where all is well. */
  readonly code: ErrorCode | null;
  readonly remedy: string | null;
}

export function ok(check: string, what: string): Finding {
  return { check, state: 'ok', what, code: null, remedy: null };
}

export function skipped(check: string, what: string): Finding {
  return { check, state: 'skipped', what, code: null, remedy: null };
}

/** `remedy`: default that of the code. */
export function warning(check: string, what: string, code: ErrorCode, remedy?: string): Finding {
  return { check, state: 'warning', what, code, remedy: remedy ?? ERROR_CODES[code][1] };
}

export function failed(check: string, what: string, code: ErrorCode, remedy?: string): Finding {
  return { ...warning(check, what, code, remedy), state: 'failed' };
}

/** What a figure is worth: `failed` below the one mark, `warning` below the other. */
export function judgedFigure(
  check: string,
  { value, text }: { readonly value: number; readonly text: string },
  marks: { readonly failed: number; readonly warning: number },
  remedy: string,
  code: ErrorCode = 'DOCTOR_LIMIT_LOW',
): Finding {
  if (value < marks.failed) return failed(check, text, code, remedy);
  return value < marks.warning ? warning(check, text, code, remedy) : ok(check, text);
}

/** One line each, with what to do below it, and the counts. */
export function findingLines(findings: readonly Finding[]): string[] {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, what, code, remedy }) => [
    shown(`${state.padEnd(7)}  ${check.padEnd(width)}  ${code === null ? '' : `${code} `}${what}`),
    ...(remedy === null ? [] : [shown(`           ${remedy}`)]),
  ]);
  const { ok: good, warning: warnings, failed: bad, skipped: left } = countsOf(findings);
  return [...lines, `${good} ok, ${warnings} warnings, ${bad} failed, ${left} skipped`];
}

export function findingsJson(findings: readonly Finding[]): string {
  const items = findings.map((one) => ({
    ...one,
    what: shown(one.what),
    remedy: one.remedy === null ? null : shown(one.remedy),
  }));
  return JSON.stringify({ ...countsOf(findings), items }, null, 2);
}

export function countsOf(findings: readonly Finding[]): Record<FindingState, number> {
  const counts = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { state } of findings) counts[state] += 1;
  return counts;
}

function shown(text: string): string {
  return printable(maskText(text));
}
