/** Quantities for people. Pure; the page's language is English. */

const THIN = '\u202f';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 1234567 as `1 234 567`, with thin spaces. */
export function wholeNumber(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** Three figures that count. */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return wholeNumber(value);
  const size = Math.abs(value);
  if (size >= 1_000) return wholeNumber(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let rest = value;
  let unit = 0;
  while (Math.abs(rest) >= 1_000 && unit < units.length - 1) {
    rest /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? wholeNumber(rest) : plainNumber(Number(rest.toPrecision(3)))}${THIN}${units[unit] ?? ''}`;
}

/** A length of time: `320 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `12 d 3 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '–';
  if (ms < 1) return `${plainNumber(ms)}${THIN}ms`;
  if (ms < 1_000) return `${Math.round(ms)}${THIN}ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)}${THIN}s`;
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)}${THIN}s`;
  if (ms < HOUR) return inTwo(ms, MINUTE, 'min', 1_000, 's');
  if (ms < DAY) return inTwo(ms, HOUR, 'h', MINUTE, 'min');
  return inTwo(ms, DAY, 'd', HOUR, 'h');
}

function inTwo(ms: number, large: number, one: string, small: number, other: string): string {
  const rest = Math.floor((ms % large) / small);
  const head = `${Math.floor(ms / large)}${THIN}${one}`;
  return rest === 0 ? head : `${head} ${rest}${THIN}${other}`;
}

/** How long ago, in one unit: `now`, `8 s ago`, `3 min ago`. */
export function ago(at: number, now: number): string {
  const ms = now - at;
  if (ms < 1_500) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)}${THIN}s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}${THIN}min ago`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}${THIN}h ago`;
  return `${Math.floor(ms / DAY)}${THIN}d ago`;
}

/** Time of day where the reader is; with the date if that is another day than `now`'s. */
export function clockTime(at: number, now: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** A fact by the unit its name ends with; null: not known. */
export function factValue(name: string, value: number | null): string {
  if (value === null) return 'not known';
  if (/^(is|has)_/.test(name)) return value === 0 ? 'no' : 'yes';
  if (name.endsWith('_seconds')) return duration(value * 1_000);
  if (name.endsWith('_bytes')) return bytes(value);
  if (name.endsWith('_percent')) return `${plainNumber(value)}${THIN}%`;
  return plainNumber(value);
}

/** `block_height` as `Block height`, `is_syncing` as `Syncing`; the unit is with the value. */
export function factTitle(name: string): string {
  const words = name.replace(/^(is|has)_|_(seconds|bytes|percent)$/g, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** At most `most` characters, whole ones; an ellipsis says that more was there. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${Array.from(text.slice(0, most * 2))
    .slice(0, most - 1)
    .join('')}…`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : many}`;
}
