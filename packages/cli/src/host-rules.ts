/** `--host cell --host substrate-node=process --host geth-1=thread` to rules. Pure. */
import type { HostRules } from '@vedette/supervisor';
import { CommandFailure, EXIT } from './exit-codes.js';
import { DEFAULT_HOST, HOST_CHOICES, type HostChoice } from './host-words.js';

/** A name that is no kind is taken for a monitor's id. The last of two for the same name counts. */
export function hostRules(flags: readonly string[], isKind: (name: string) => boolean): HostRules {
  let byDefault: HostChoice | null = null;
  const kinds: Record<string, HostChoice> = {};
  const monitors: Record<string, HostChoice> = {};
  for (const flag of flags) {
    // Ids may hold any sign, hosts hold none.
    const at = flag.lastIndexOf('=');
    const name = flag.slice(0, Math.max(0, at));
    const host = choiceOf(flag.slice(at + 1), flag);
    if (at < 0) byDefault = host;
    else if (name === '') throw wrong(flag, 'names no kind or monitor before the `=`');
    else (isKind(name) ? kinds : monitors)[name] = host;
  }
  return { default: byDefault, kinds, monitors, fallback: DEFAULT_HOST };
}

function choiceOf(word: string, flag: string): HostChoice {
  const known = HOST_CHOICES.find((one) => one === word);
  if (known === undefined) throw wrong(flag, `${JSON.stringify(word.slice(0, 40))} is no host`);
  return known;
}

function wrong(flag: string, why: string): CommandFailure {
  const remedy = `Use one of ${HOST_CHOICES.join(', ')}, or KIND=HOST, or ID=HOST`;
  return new CommandFailure(EXIT.usage, `--host ${flag.slice(0, 80)}: ${why}`, remedy);
}
