/** Reads Prometheus' text format strictly. Promise: what it takes, Prometheus takes. */

export interface Page {
  /** Name to type. */
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  /** `name{labels}` to value. */
  readonly series: ReadonlyMap<string, number>;
  /** Series of one name. */
  of(name: string): ReadonlyMap<string, number>;
}

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/;

/** Throws for anything a scrape would be refused over. */
export function readPage(text: string): Page {
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const series = new Map<string, number>();
  const closed = new Set<string>();
  let family = '';
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  for (const line of text.split('\n').slice(0, -1)) {
    if (line === '') continue;
    const [, word, of = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word !== undefined) {
      const known = word === 'HELP' ? helps : types;
      if (known.has(of)) throw new Error(`second ${word} of ${of}`);
      known.set(of, rest);
      if (of !== family) closed.add(family);
      if (closed.has(of)) throw new Error(`${of} comes in two groups`);
      family = of;
      continue;
    }
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (name === '') throw new Error(`no sample: ${line.slice(0, 200)}`);
    if (name !== family && name.replace(/_(bucket|sum|count)$/, '') !== family) {
      throw new Error(`${name} stands among ${family}`);
    }
    const key = `${name}${labels}`;
    if (series.has(key)) throw new Error(`second sample of ${key}`);
    const number = value === '+Inf' ? Infinity : Number(value);
    if (Number.isNaN(number) && value !== 'NaN') throw new Error(`no number: ${line}`);
    series.set(key, number);
  }
  return {
    types,
    helps,
    series,
    of: (name) => new Map([...series].filter(([key]) => key === name || key.startsWith(`${name}{`))),
  };
}
