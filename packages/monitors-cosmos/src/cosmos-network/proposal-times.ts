/**
 * Times of proposals in the only forms PANIC's transformer can digest (panic-monitors-contract 13.5): it cuts the
 * last four characters and wants a fraction, knows no offset, and drops the whole message for Go's zero time.
 */
import { real, type JsonValue, type WireValue } from '@vedette/contract';

/** What stands for "not yet": the consumer reads it as 0. */
const NEVER = '1970-01-01T00:00:00Z';
const FRACTION_DIGITS = 9;
const TIME = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:[Zz]|([+-]\d{2}):?(\d{2}))$/;

/** Nine digits of fraction in UTC; a real for a number; {@link NEVER} for what is missing, zero or no time. */
export function wireTime(value: JsonValue | undefined): WireValue {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return real(value);
  if (typeof value !== 'string') return NEVER;
  const [text, date, time, fraction = '', hours, minutes] = TIME.exec(value.trim()) ?? [];
  if (text === undefined || date === undefined || time === undefined) return NEVER;
  const local = Date.parse(`${date}T${time}Z`);
  const utc = local - offsetMs(hours, minutes);
  // Go's zero time is of the year 1; Python's clock begins in 1970.
  if (!(utc > 0)) return NEVER;
  const seconds = new Date(utc).toISOString().slice(0, 19);
  return `${seconds}.${fraction.slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, '0')}Z`;
}

function offsetMs(hours: string | undefined, minutes: string | undefined): number {
  if (hours === undefined) return 0;
  const sign = hours.startsWith('-') ? -1 : 1;
  return sign * (Math.abs(Number(hours)) * 60 + Number(minutes)) * 60_000;
}
