/** Nothing that may hold a credential leaves the process unmasked. */
const MASK = '***';
const SECRET_PARAMETER = /(key|token|secret|pass|auth|sig|credential)/i;
const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;

/** The URL with user info, secret-looking query values and key-like path segments masked. */
export function maskUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return text.replace(/\/\/[^/@\s]*@/, `//${MASK}@`).slice(0, 200);
  }
  if (url.username !== '') url.username = MASK;
  if (url.password !== '') url.password = MASK;
  for (const name of [...url.searchParams.keys()]) {
    if (SECRET_PARAMETER.test(name)) url.searchParams.set(name, MASK);
  }
  // Hosted RPC providers put the key in the path: a long segment that mixes letters and digits.
  url.pathname = url.pathname
    .split('/')
    .map((part) => (part.length >= 20 && /\d/.test(part) && /[a-z]/i.test(part) ? MASK : part))
    .join('/');
  url.hash = '';
  return url.href.slice(0, 500);
}

/** Masks every URL inside a sentence. */
export function maskText(text: string): string {
  return text.replace(URL_IN_TEXT, (url) => maskUrl(url));
}

/** A short, safe rendering of a refused value for an error message. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    const text = maskText(value);
    // eslint-disable-next-line no-control-regex -- control characters must not reach a terminal
    const printable = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
    return JSON.stringify(printable.length > 80 ? `${printable.slice(0, 80)}…` : printable);
  }
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
