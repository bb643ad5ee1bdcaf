/** An import for people and for programs. Pure; no credential is shown: URLs are masked where they are quoted. */
import { maskText, printable, type JsonValue } from '@vedette/contract';
import type { ImportPlan, NotBuilt } from './plan.js';
import type { ImportProblem, ImportSource } from './source.js';

export function importText(source: ImportSource, plan: ImportPlan): string {
  const { monitors, unwatched, notBuilt, refusals } = plan;
  const lines = [`${source.form}: ${count(source.messages.length, 'config message')}`];
  lines.push('', `${count(monitors.length, 'monitor')} would run`);
  lines.push(
    ...grouped(monitors, ({ spec }) => [spec.origin.baseChain, spec.origin.subChain, spec.kind, spec.name]),
  );
  if (notBuilt.length > 0) {
    lines.push('', `${count(notBuilt.length, 'monitor')} would not: their kind is not built yet`);
    lines.push(...grouped(notBuilt, (one) => [one.baseChain, one.chain, one.kind, one.name]));
  }
  if (unwatched.length > 0) lines.push('', `${unwatched.length} switched off in PANIC`);
  if (source.passedOver.length > 0) {
    lines.push('', `${source.passedOver.length} passed over`);
    lines.push(...source.passedOver.map(({ what, why }) => `  ${maskText(what)}: ${why}`));
  }
  if (refusals.length > 0) lines.push('', `${refusals.length} refused`, ...problemLines(refusals));
  return `${lines.join('\n')}\n`;
}

export function importJson(source: ImportSource, plan: ImportPlan): JsonValue {
  return {
    form: source.form,
    messages: source.messages.map(({ routingKey, file, body }) => ({
      routingKey,
      file,
      entries: Object.keys(body).filter((configId) => configId !== 'DEFAULT').length,
    })),
    monitors: plan.monitors.map(({ spec, file, line }) => ({
      id: spec.id,
      kind: spec.kind,
      name: spec.name,
      componentName: spec.componentName,
      baseChain: spec.origin.baseChain,
      chain: spec.origin.subChain,
      file,
      line,
    })),
    notBuilt: plan.notBuilt.map((one: NotBuilt) => ({ ...one })),
    unwatched: plan.unwatched.map((one) => ({ ...one })),
    passedOver: source.passedOver.map((one) => ({ ...one })),
    refusals: plan.refusals.map((one) => ({ ...one })),
  };
}

/** `file:12 CODE id: reason`, which editors can jump to. */
export function problemLines(problems: readonly ImportProblem[]): string[] {
  return problems.map(({ file, line, code, configId, reason, remedy }) => {
    const place = line === null ? file : `${file}:${line}`;
    const who = configId === null ? '' : ` ${configId}:`;
    return `  ${place} ${code}${who} ${reason}\n      ${remedy}`;
  });
}

/** One line per chain and kind, with the names. */
function grouped<T>(
  items: readonly T[],
  wordsOf: (item: T) => readonly [base: string, chain: string, kind: string, name: string],
): string[] {
  const groups = new Map<string, { head: string; names: string[] }>();
  for (const item of items) {
    const [base, chain, kind, name] = wordsOf(item);
    const head = `${base === 'general' ? 'general' : `${base} / ${chain}`}, ${kind}`;
    const group = groups.get(head) ?? { head, names: [] };
    group.names.push(name);
    groups.set(head, group);
  }
  return [...groups.values()].map(({ head, names }) => `  ${head}: ${names.length}  (${shown(names)})`);
}

const SHOWN = 8;

function shown(names: readonly string[]): string {
  const safe = names.slice(0, SHOWN).map((name) => printable(name));
  const more = names.length - SHOWN;
  return `${safe.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
