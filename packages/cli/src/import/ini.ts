/**
 * INI text as Python's `ConfigParser` reads it with its defaults, interpolation off; pure. Promise: what Python
 * takes means the same here, and what it refuses is refused with the line.
 *
 * Own code: none of npm's parsers knows this dialect (continuation lines, `:` beside `=`, lower-cased names,
 * no inline comments, [DEFAULT]) and tells the lines, which an operator needs.
 */
export interface IniField {
  readonly value: string;
  /** 1-based. */
  readonly line: number;
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
  /** Names lower-cased; own ones first, then those of [DEFAULT]. */
  readonly fields: ReadonlyMap<string, IniField>;
}

export interface IniProblem {
  readonly line: number;
  readonly reason: string;
}

export interface IniFile {
  readonly defaults: ReadonlyMap<string, IniField>;
  readonly sections: readonly IniSection[];
  /** Python gives up at the first; so does PANIC, which then ignores the file. */
  readonly problem: IniProblem | null;
}

interface OpenField {
  readonly line: number;
  readonly values: string[];
}
type OpenSection = Map<string, OpenField>;

export function parseIni(text: string): IniFile {
  const defaults: OpenSection = new Map();
  const sections = new Map<string, { readonly line: number; readonly fields: OpenSection }>();
  let section: OpenSection | null = null;
  let sectionName = '';
  let field: OpenField | null = null;
  let indent = 0;
  let problem: IniProblem | null = null;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const content = strip(raw);
    const isComment = /^[#;]/.test(content);
    if (content === '' || isComment) {
      // An empty line belongs to the value before it; trailing ones are cut at the end.
      if (!isComment && section !== null && field !== null) field.values.push('');
      continue;
    }
    const depth = raw.length - raw.replace(LEADING, '').length;
    if (section !== null && field !== null && depth > indent) {
      field.values.push(content);
      continue;
    }
    indent = depth;
    const header = /^\[([^\]]+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      field = null;
      sectionName = header;
      if (header === 'DEFAULT') section = defaults;
      else if (sections.has(header)) {
        problem = { line, reason: `section [${header}] stands twice` };
        break;
      } else {
        section = new Map();
        sections.set(header, { line, fields: section });
      }
      continue;
    }
    if (section === null) {
      problem = { line, reason: 'a line stands before the first [section]' };
      break;
    }
    const parts = /^(.*?)\s*[=:]\s*(.*)$/.exec(content);
    const name = parts?.[1]?.toLowerCase() ?? '';
    if (parts === null || name === '') {
      problem ??= { line, reason: 'a line is neither a section, nor name = value, nor a comment' };
      continue;
    }
    if (section.has(name)) {
      problem = { line, reason: `${name} stands twice in [${sectionName}]` };
      break;
    }
    field = { line, values: [strip(parts[2] ?? '')] };
    section.set(name, field);
  }
  const closedDefaults = closed(defaults);
  return {
    defaults: closedDefaults,
    sections: [...sections].map(([name, { line, fields }]) => ({
      name,
      line,
      fields: new Map([...closed(fields), ...[...closedDefaults].filter(([key]) => !fields.has(key))]),
    })),
    problem,
  };
}

/** What Python's `str.strip` takes off: more than JavaScript's `trim`. */
// eslint-disable-next-line no-control-regex -- these are among them
const LEADING = /^[\s\u001c-\u001f\u0085]+/;
// eslint-disable-next-line no-control-regex -- as above
const TRAILING = /[\s\u001c-\u001f\u0085]+$/;

function strip(text: string): string {
  return text.replace(LEADING, '').replace(TRAILING, '');
}

function closed(section: OpenSection): ReadonlyMap<string, IniField> {
  return new Map(
    [...section].map(([name, { line, values }]) => [
      name,
      { line, value: values.join('\n').replace(TRAILING, '') },
    ]),
  );
}
