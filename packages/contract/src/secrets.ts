/** Nothing that may hold a credential leaves the process unmasked. */
const MASK = '***';
const SECRET_PARAMETER = /(key|token|secret|pass|auth|sig|credential)/i;
// User info first and greedily: a password may hold quotes and slashes. Bounded, so that no text is slow.
const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]{0,30}:\/\/(?:\S{0,2000}@)?[^\s"'<>]*/gi;
/** `user:password@host` without a scheme, as people mistype URLs. */
const USER_INFO_IN_TEXT = /[^\s"'<>/@:,]{1,200}:[^\s"'<>/@]{1,500}@/g;
/** Longer text is not shown at all: the patterns above must stay cheap and see whole URLs. */
const MAX_SHOWN = 4_000;

/** The URL with user info, secret-looking query values and key-like path segments masked. */
export function maskUrl(text: string): string {
  // Without `//`, what stands before the colon would be read as a scheme and the rest left alone.
  if (!text.includes('//') && text.includes('@')) {
    return text.replace(/^.*@/s, `${MASK}@`).split('/').map(maskSegment).join('/').slice(0, 200);
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // What cannot be parsed cannot be judged: only scheme and host stay.
    return text
      .replace(/\/\/.*@/s, `//${MASK}@`)
      .replace(/[?#].*$/s, `?${MASK}`)
      .split('/')
      .map(maskSegment)
      .join('/')
      .slice(0, 200);
  }
  if (url.username !== '') url.username = MASK;
  if (url.password !== '') url.password = MASK;
  for (const [name, value] of [...url.searchParams]) {
    if (SECRET_PARAMETER.test(name)) url.searchParams.set(name, MASK);
    // A URL in a value, also one a list of URLs goes on with, may hold what this one may not.
    else if (value.includes('://')) url.searchParams.set(name, maskText(value));
  }
  // Hosted RPC providers put the key in the path: a long segment that mixes letters and digits.
  url.pathname = url.pathname.split('/').map(maskSegment).join('/');
  url.hash = '';
  return url.href.slice(0, 500);
}

function maskSegment(part: string): string {
  const isKey = part.length >= 20 && /\d/.test(part) && /[a-z]/i.test(part);
  return isKey || (part.includes('@') && !part.startsWith(`${MASK}@`)) ? MASK : part;
}

/** Masks every URL inside a sentence, and user info that stands without a scheme. */
export function maskText(text: string): string {
  return text.replace(URL_IN_TEXT, (url) => maskUrl(url)).replace(USER_INFO_IN_TEXT, `${MASK}@`);
}

// eslint-disable-next-line no-control-regex -- they must not reach a terminal
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text that neither moves a cursor, turns a line nor ends one. */
export function printable(text: string, instead = '?'): string {
  return text.replace(UNPRINTABLE, instead);
}

/** True for a setting whose value is never shown, whatever it looks like. */
export function isSecretName(name: string | undefined): boolean {
  return name !== undefined && /token|secret|passw|credential|api_?key/i.test(name);
}

/** A short, safe rendering of a refused value for an error message. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string' && value.length > MAX_SHOWN) return `text of ${value.length} characters`;
  if (typeof value === 'string') {
    const text = printable(maskText(value));
    return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  }
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
