/** What can stand where the cursor is, from the definitions of the commands. Pure. */
import type { Argument, Command, Option } from 'commander';
import { wordsOf } from '../options.js';

export interface Offered {
  readonly word: string;
  /** Empty where nobody says. */
  readonly about: string;
}

export interface Completion {
  readonly words: readonly Offered[];
  /** What else, which is not known from the definitions. */
  readonly more: 'nothing' | 'files' | 'dirs' | 'ids' | 'kinds';
  /** Where a running manager is asked for ids. */
  readonly address: { readonly url?: string; readonly tokenFile?: string };
}

/** What stands for a value in the help. */
const BY_PLACEHOLDER: Readonly<Record<string, Completion['more']>> = {
  FILE: 'files',
  PATH: 'files',
  MODULE: 'files',
  DIR: 'dirs',
  ID: 'ids',
  KIND: 'kinds',
};

/** `words`: those after the program's name; the last one is being typed, and may be empty. */
export function complete(program: Command, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith('-'));
  const name = before[at];
  if (name === undefined) {
    const found = typed.startsWith('-') ? optionsOf(program, []) : commandsOf(program);
    return answer(found, 'nothing', {});
  }
  if (name === 'help') return answer(before.length === at + 1 ? commandsOf(program) : [], 'nothing', {});
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined) return answer([], 'nothing', {});
  const { pending, positionals, given, values } = read(command, before.slice(at + 1));
  const address = {
    ...(values.has('url') ? { url: values.get('url') ?? '' } : {}),
    ...(values.has('tokenFile') ? { tokenFile: values.get('tokenFile') ?? '' } : {}),
  };
  if (pending !== null && (pending.isNeeded || !typed.startsWith('-'))) {
    const { option } = pending;
    const found = [...(option.argChoices ?? []), ...wordsOf(option.parseArg)];
    return answer(found.map(plain), found.length > 0 ? 'nothing' : moreOf(placeholderOf(option)), address);
  }
  if (typed.startsWith('-')) return answer(optionsOf(command, given), 'nothing', address);
  const argument = argumentAt(command, positionals);
  if (argument === undefined) return answer([], 'nothing', address);
  const found = (argument.argChoices ?? []).map(plain);
  return answer(found, found.length > 0 ? 'nothing' : moreOf(argument.name()), address);
}

interface Read {
  /** An option that still takes a value; needed, or one more of several. */
  readonly pending: { readonly option: Option; readonly isNeeded: boolean } | null;
  readonly positionals: number;
  readonly given: readonly Option[];
  readonly values: ReadonlyMap<string, string>;
}

function read(command: Command, words: readonly string[]): Read {
  let pending: Read['pending'] = null;
  let positionals = 0;
  const given: Option[] = [];
  const values = new Map<string, string>();
  for (const word of words) {
    if (pending !== null && (pending.isNeeded || !word.startsWith('-'))) {
      values.set(pending.option.attributeName(), word);
      pending = pending.option.variadic ? { option: pending.option, isNeeded: false } : null;
      continue;
    }
    pending = null;
    if (!word.startsWith('-')) {
      positionals += 1;
      continue;
    }
    const [flag = '', value] = word.split(/=(.*)/s);
    const option = command.options.find((one) => one.long === flag || one.short === flag);
    if (option === undefined) continue;
    given.push(option);
    if (value !== undefined) values.set(option.attributeName(), value);
    else if (option.required) pending = { option, isNeeded: true };
  }
  return { pending, positionals, given, values };
}

function commandsOf(program: Command): Offered[] {
  // The public way to those that are shown.
  const shown = program.createHelp().visibleCommands(program);
  return shown.map((one) => ({ word: one.name(), about: one.description() }));
}

/** Those that were given may not stand twice, but for lists and what may be said again for others. */
function optionsOf(command: Command, given: readonly Option[]): Offered[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((one) => !given.includes(one) || one.variadic || one.long === '--host')
    .map((one) => ({ word: one.long ?? one.short ?? '', about: one.description }));
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[index] ?? (last?.variadic === true ? last : undefined);
}

/** `FILE` of `--output <FILE>`. */
function placeholderOf({ flags }: Option): string {
  return /[<[]([A-Z:]+)/.exec(flags)?.[1] ?? '';
}

function moreOf(placeholder: string): Completion['more'] {
  return BY_PLACEHOLDER[placeholder] ?? 'nothing';
}

function plain(word: string): Offered {
  return { word, about: '' };
}

function answer(
  words: readonly Offered[],
  more: Completion['more'],
  address: Completion['address'],
): Completion {
  return { words, more, address };
}
