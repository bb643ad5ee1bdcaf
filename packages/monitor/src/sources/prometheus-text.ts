/**
 * Prometheus text format, tolerant per line: a line that cannot be read costs that line and no other.
 * Names are compared with what is wanted before labels are parsed: a node exposes thousands of lines.
 */

/** One line of a metrics page. */
export interface Sample {
  /** In document order; empty for an unlabelled sample. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a metrics page holds of what was wanted. */
export interface ParsedMetrics {
  /** Samples by metric name, in document order. Counters carry `_total` (see panic-monitors-contract 2.3). */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Lines that could not be read; they were skipped. */
  readonly badLines: number;
  /** Lines that held a sample, wanted or not. 0 with badLines > 0 means this is no metrics page. */
  readonly sampleLines: number;
}

const COUNTER = /^#[ \t]*TYPE[ \t]+(\S+)[ \t]+(\S+)/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
/** Names and numbers beyond this are no sample; it also keeps regular expressions off hostile lines. */
const MAX_WORD = 1_000;
const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Never throws. `wanted`: names after counter renaming; only these are kept. Undefined keeps all.
 * Renaming: a sample named exactly like its family, where the family's type is `counter` and its name
 * lacks `_total`, gets `_total` appended. Timestamps and exemplars are read over.
 */
export function parsePrometheusText(text: string, wanted?: ReadonlySet<string>): ParsedMetrics {
  const samples = new Map<string, Sample[]>();
  let badLines = 0;
  let sampleLines = 0;
  let counter = '';
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === '') continue;
    if (line.startsWith('#')) {
      const type = COUNTER.exec(line.slice(0, MAX_WORD));
      if (type !== null) counter = type[2] === 'counter' ? (type[1] ?? '') : '';
      continue;
    }
    const wireName = line.slice(0, nameEnd(line, 0));
    const name = wireName === counter && !wireName.endsWith('_total') ? `${wireName}_total` : wireName;
    const isWanted = wanted === undefined || wanted.has(name);
    const sample =
      wireName === '' || wireName.length > MAX_WORD ? null : readSample(line, wireName.length, isWanted);
    if (sample === null) {
      badLines += 1;
      continue;
    }
    sampleLines += 1;
    if (!isWanted) continue;
    const known = samples.get(name);
    if (known === undefined) samples.set(name, [sample]);
    else known.push(sample);
  }
  return { samples, badLines, sampleLines };
}

/** What follows the name. Without `hasLabels` the labels are skipped, not read. */
function readSample(line: string, from: number, hasLabels: boolean): Sample | null {
  const brace = skipBlanks(line, from);
  if (line[brace] !== '{') {
    const value = brace === from ? null : valueAt(line, brace);
    return value === null ? null : { labels: NO_LABELS, value };
  }
  if (!hasLabels) return line.includes('}', brace) ? { labels: NO_LABELS, value: NaN } : null;
  const labels: Record<string, string> = {};
  let at = skipGap(line, brace + 1);
  while (line[at] !== '}') {
    const labelEnd = nameEnd(line, at);
    const equals = skipBlanks(line, labelEnd);
    const quote = skipBlanks(line, equals + 1);
    const closing = closingQuote(line, quote + 1);
    if (labelEnd === at || line[equals] !== '=' || line[quote] !== '"' || closing === -1) return null;
    setLabel(labels, line.slice(at, labelEnd), unescaped(line.slice(quote + 1, closing)));
    at = skipBlanks(line, closing + 1);
    if (line[at] !== ',' && line[at] !== '}') return null;
    at = skipGap(line, at);
  }
  const value = valueAt(line, at + 1);
  return value === null ? null : { labels, value };
}

/** `12 1700000000000 # {trace_id="x"} 0.5`: the value, or null if what surrounds it is not legal. */
function valueAt(line: string, from: number): number | null {
  const start = skipBlanks(line, from);
  const end = wordEnd(line, start);
  const next = skipBlanks(line, end);
  if (next < line.length && line[next] !== '#') {
    const timestampEnd = wordEnd(line, next);
    const rest = skipBlanks(line, timestampEnd);
    if (numberOf(line, next, timestampEnd) === null || (rest < line.length && line[rest] !== '#'))
      return null;
  }
  return numberOf(line, start, end);
}

function numberOf(line: string, from: number, to: number): number | null {
  if (to - from > MAX_WORD) return null;
  const word = line.slice(from, to);
  if (NUMBER.test(word)) return Number(word);
  switch (word.toLowerCase()) {
    case 'nan':
      return NaN;
    case '+inf':
    case 'inf':
    case '+infinity':
    case 'infinity':
      return Infinity;
    case '-inf':
    case '-infinity':
      return -Infinity;
    default:
      return null;
  }
}

/** Backslashes before other characters stand, as in Prometheus' own clients. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\"n])/g, (_pair, character: string) => (character === 'n' ? '\n' : character));
}

/** `__proto__` is a legal label name; a plain assignment would lose it. */
function setLabel(labels: Record<string, string>, name: string, value: string): void {
  if (name !== '__proto__') labels[name] = value;
  else Object.defineProperty(labels, name, { value, enumerable: true, configurable: true, writable: true });
}

/** End of the longest legal name at `from`; `from` itself if there is none. */
function nameEnd(line: string, from: number): number {
  let at = from;
  for (; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    const isLetter = (code | 32) >= 97 && (code | 32) <= 122;
    const isDigit = code >= 48 && code <= 57;
    if (!isLetter && code !== 95 && code !== 58 && !(isDigit && at > from)) break;
  }
  return at;
}

function closingQuote(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    const character = line[at];
    if (character === '\\') at += 1;
    else if (character === '"') return at;
  }
  return -1;
}

function wordEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && line[at] !== ' ' && line[at] !== '\t' && line[at] !== '#') at += 1;
  return at;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}

/** Blanks and commas: a trailing comma is legal, a doubled one is tolerated. */
function skipGap(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t' || line[at] === ',') at += 1;
  return at;
}
