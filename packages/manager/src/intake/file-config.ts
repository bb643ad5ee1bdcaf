/** A config file (YAML or JSON) to specs, or to all its problems at once, with line numbers. Pure. */
import {
  CONFIG_LIMITS,
  describeValue,
  isJsonObject,
  maskText,
  parseDurationMs,
  type JsonObject,
  type MonitorSpec,
  type Refusal,
} from '@vedette/contract';
import { label, refusal, refusalsOf, type Monitorable } from '@vedette/contract/strategy';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import type { StrategyRegistry } from '../strategy-registry.js';
import { dropUndefined, limitsSchema, parseHosting, type FileHosting } from './file-hosting.js';

/** A refusal with its place in the file; 1-based, null where no place can be named. */
export interface FileProblem extends Refusal {
  readonly line: number | null;
  readonly column: number | null;
}

/** What a config file holds. */
export interface FileConfig {
  /** Complete only if there are no problems. */
  readonly specs: readonly MonitorSpec[];
  readonly monitorables: readonly Monitorable[];
  readonly problems: readonly FileProblem[];
}

const envelope = z.object({
  kind: label.describe('One of `vedette kinds`'),
  id: label.describe('Unique among those of its kind; what messages and heartbeats carry'),
  name: label.optional().describe('What people call it; default: the id'),
  chain: label.optional().describe('Groups the nodes of one chain; default `general`'),
  baseChain: label
    .optional()
    .describe(
      '`cosmos`, `substrate`, `chainlink` or `general`; default: that of the kind where `chain` is given',
    ),
  parentId: label.optional().describe("PANIC's id of the chain; default: `chain`, or `GENERAL`"),
  period: z
    .union([z.string(), z.number()])
    .transform((text) => parseDurationMs(text))
    .refine((ms) => ms !== null, 'must be a duration such as 500ms, 10s or 1m, at most 30 days')
    .optional()
    .describe(
      'Start of a round to start of the next: `500ms`, `10s`, `1m`, at most 30 days; default: that of the kind',
    ),
  limits: limitsSchema.optional().describe('Over those of the kind; see below'),
  settings: z
    .record(z.string(), z.json())
    .optional()
    .describe('What the kind asks for: [kinds.md](kinds.md)'),
});

/** JSON Schema (draft 2020-12) of one entry under `monitors:` of a config file, but for the settings of its kind. */
export const MONITORABLE_SCHEMA = z.toJSONSchema(envelope, {
  unrepresentable: 'any',
  io: 'input',
}) as JsonObject;

const MAX_SYNTAX_PROBLEMS = 10;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** A config file, YAML or JSON, with all its problems and their lines. Never throws. */
export function parseConfigFile(text: string, registry: StrategyRegistry): FileConfig {
  const bytes = Buffer.byteLength(text);
  if (bytes > CONFIG_LIMITS.maxBytes) {
    return failed(refusal('CONFIG_TOO_LARGE', null, null, `${bytes} bytes exceed ${CONFIG_LIMITS.maxBytes}`));
  }
  const lines = new LineCounter();
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch (error) {
    const why = error instanceof RangeError ? 'it is nested too deeply' : 'it cannot be parsed';
    return failed(refusal('CONFIG_FILE_SYNTAX', null, null, why));
  }
  const place = (path: readonly (string | number)[]): Pick<FileProblem, 'line' | 'column'> =>
    placeOf(document, lines, path);
  const syntax = syntaxProblems(document, lines);
  if (syntax.length > 0) return { specs: [], monitorables: [], problems: syntax };
  const unsafe = unsafeKeys(document, lines);
  if (unsafe.length > 0) return { specs: [], monitorables: [], problems: unsafe };
  return declareAll(document, place, registry);
}

/** The first few suffice: one slip in YAML often makes hundreds of follow-ups. */
function syntaxProblems(document: Document, lines: LineCounter): FileProblem[] {
  const exhausted = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) {
    return [
      {
        ...refusal('CONFIG_TOO_DEEP', null, null, 'the file is nested too deeply'),
        line: null,
        column: null,
      },
    ];
  }
  return document.errors.slice(0, MAX_SYNTAX_PROBLEMS).map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    const reason = maskText(message.split('\n')[0] ?? 'syntax error');
    return { ...refusal('CONFIG_FILE_SYNTAX', null, null, reason), line, column: col };
  });
}

function declareAll(
  document: Document,
  place: (path: readonly (string | number)[]) => Pick<FileProblem, 'line' | 'column'>,
  registry: StrategyRegistry,
): FileConfig {
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    return failed(refusal('CONFIG_FILE_SYNTAX', null, null, 'it expands too many aliases'));
  }
  const entries: unknown = isJsonObject(root) ? root['monitors'] : undefined;
  if (!Array.isArray(entries)) {
    const reason = `monitors: must be a list of monitorables; got ${describeValue(entries)}`;
    return failed({ ...refusal('CONFIG_WRONG_TYPE', null, 'monitors', reason) }, place(['monitors']));
  }
  if (entries.length > CONFIG_LIMITS.maxEntries) {
    const reason = `${entries.length} monitorables exceed ${CONFIG_LIMITS.maxEntries}`;
    return failed(refusal('CONFIG_TOO_MANY', null, 'monitors', reason), place(['monitors']));
  }
  const specs: MonitorSpec[] = [];
  const monitorables: Monitorable[] = [];
  const section = isJsonObject(root) ? root['hosting'] : undefined;
  const hosting = parseHosting(section, (kind) => registry.get(kind) !== undefined);
  const ofHosting = (one: Refusal): FileProblem => ({
    ...one,
    ...place(pathIn(root, one.field ?? 'hosting')),
  });
  const problems: FileProblem[] = hosting.refusals.map(ofHosting);
  const firstLine = new Map<string, number | null>();
  entries.forEach((entry: unknown, index) => {
    const at = (field: string | null): Pick<FileProblem, 'line' | 'column'> =>
      place(['monitors', index, ...(field === null ? [] : field.split('.'))]);
    const parsed = envelope.safeParse(entry);
    if (!parsed.success) {
      const id = isJsonObject(entry) && typeof entry['id'] === 'string' ? entry['id'].slice(0, 80) : null;
      problems.push(...refusalsOf(id, parsed.error, entry).map((one) => ({ ...one, ...at(one.field) })));
      return;
    }
    const monitorable = monitorableOf(parsed.data, registry, hosting);
    // PANIC gives a node and the host it runs on one id; their monitors are of different kinds.
    const key = `${monitorable.kind}:${monitorable.id}`;
    const earlier = firstLine.get(key);
    if (firstLine.has(key)) {
      const where = earlier === null ? '' : `, first used in line ${String(earlier)}`;
      const reason = `id ${describeValue(monitorable.id)} is used twice${where}`;
      problems.push({ ...refusal('CONFIG_DUPLICATE_ID', monitorable.id, 'id', reason), ...at('id') });
      return;
    }
    firstLine.set(key, at('id').line);
    const { spec, refusals } = registry.declare(monitorable);
    for (const one of refusals) {
      const isOwn = one.code === 'CONFIG_UNKNOWN_KIND' || one.field === null;
      const field = isOwn ? one.field : `settings.${one.field ?? ''}`;
      problems.push({ ...one, field, ...at(field) });
    }
    if (spec !== null) {
      const chosen = hosting.hostingOf(monitorable);
      specs.push(chosen === null ? spec : { ...spec, hosting: chosen });
      monitorables.push(monitorable);
    }
  });
  // Of a file with other problems not every monitorable is known.
  if (problems.length === 0) problems.push(...hosting.unknownIds(monitorables).map(ofHosting));
  return { specs, monitorables, problems };
}

function monitorableOf(
  entry: z.infer<typeof envelope>,
  registry: StrategyRegistry,
  hosting: FileHosting,
): Monitorable {
  const chain = entry.chain ?? 'general';
  const isGeneral = chain === 'general';
  return {
    kind: entry.kind,
    id: entry.id,
    name: entry.name ?? entry.id,
    chain,
    baseChain:
      entry.baseChain ?? (isGeneral ? 'general' : (registry.get(entry.kind)?.defaultBaseChain ?? 'general')),
    parentId: entry.parentId ?? (isGeneral ? 'GENERAL' : chain),
    periodMs: entry.period ?? null,
    limits: { ...hosting.limitsOf(entry), ...dropUndefined(entry.limits ?? {}) },
    settings: (entry.settings ?? {}) as JsonObject,
  };
}

/** `hosting.kinds.a.b` to its keys, of which each may hold dots itself. */
function pathIn(root: unknown, field: string): string[] {
  const path: string[] = [];
  for (let [value, rest] = [root, field]; rest !== '';) {
    const keys = isJsonObject(value) ? Object.keys(value) : [];
    const key = keys.find((one) => rest === one || rest.startsWith(`${one}.`)) ?? rest;
    path.push(key);
    value = isJsonObject(value) ? value[key] : undefined;
    rest = rest.slice(key.length + 1);
  }
  return path;
}

/** The position of the deepest part of the path that stands in the file. */
function placeOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): Pick<FileProblem, 'line' | 'column'> {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
    if (!Array.isArray(range)) continue;
    const { line, col } = lines.linePos(Number(range[0]));
    return { line, column: col };
  }
  return { line: null, column: null };
}

function unsafeKeys(document: Document, lines: LineCounter): FileProblem[] {
  const problems: FileProblem[] = [];
  let depth = 0;
  visit(document, {
    Node: (_key, node, ancestors) => {
      depth = Math.max(depth, ancestors.length);
      if (depth > CONFIG_LIMITS.maxDepth * 2) return visit.BREAK;
      if (!isMap(node)) return undefined;
      for (const { key } of node.items) {
        if (!isScalar(key) || !FORBIDDEN_KEYS.has(String(key.value))) continue;
        const { line, col } = lines.linePos(key.range?.[0] ?? 0);
        const reason = `the key ${describeValue(key.value)} is reserved`;
        problems.push({
          ...refusal('CONFIG_FORBIDDEN_KEY', null, String(key.value), reason),
          line,
          column: col,
        });
      }
      return undefined;
    },
  });
  if (depth > CONFIG_LIMITS.maxDepth * 2) {
    const reason = `the file is nested deeper than ${CONFIG_LIMITS.maxDepth} levels`;
    problems.push({ ...refusal('CONFIG_TOO_DEEP', null, null, reason), line: null, column: null });
  }
  return problems;
}

function failed(
  one: Refusal,
  place: Pick<FileProblem, 'line' | 'column'> = { line: null, column: null },
): FileConfig {
  return { specs: [], monitorables: [], problems: [{ ...one, ...place }] };
}
