/** Durations as people write them: `500ms`, `2s`, `1.5m`, `1h`; a bare number means seconds. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds, or null if the text is not a positive duration of at most 30 days. */
export function parseDurationMs(text: string | number): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(String(text));
  if (match === null) return null;
  const ms = Math.round(Number(match[1]) * (UNITS[match[2] ?? 's'] ?? NaN));
  return ms > 0 && ms <= 30 * 24 * 3_600_000 ? ms : null;
}
