/**
 * Answers the scripts of shells: `word TAB description` a line, `:files` or `:dirs` for what the shell finds itself.
 * Promise: whatever goes wrong, it is quiet about it, and a shell never waits longer than {@link ASK_MS} for a manager.
 */
import type { Command } from 'commander';
import { printable } from '@vedette/contract';
import type { Environment } from '../environment.js';
import { complete, type Completion, type Offered } from './complete.js';

const ASK_MS = 500;
const MOST_IDS = 1_000;

export async function offer(program: Command, words: readonly string[], env: Environment): Promise<string> {
  const typed = words.at(-1) ?? '';
  const { words: known, more, address } = complete(program, words);
  const found = [...known, ...(await others(more, address, typed, env).catch(() => []))];
  const lines = found
    .filter(({ word }) => word.startsWith(typed))
    .map(({ word, about }) => printable(word) + (about === '' ? '' : `\t${printable(firstSentence(about))}`));
  if (more === 'files' || more === 'dirs') lines.push(`:${more}`);
  return lines.map((line) => `${line}\n`).join('');
}

async function others(
  more: Completion['more'],
  address: Completion['address'],
  typed: string,
  env: Environment,
): Promise<readonly Offered[]> {
  if (more === 'kinds') {
    const { STRATEGIES } = await import('../registry.js');
    return STRATEGIES.map(({ kind, title }) => ({ word: kind, about: title }));
  }
  if (more !== 'ids') return [];
  const { ApiClient } = await import('../remote/api-client.js');
  const api = new ApiClient(address, env, ASK_MS);
  const query = new URLSearchParams({ sort: 'id', limit: String(MOST_IDS), q: typed.slice(0, 200) });
  const { items } = await api.get<{
    readonly items: readonly { readonly id: string; readonly name: string; readonly state: string }[];
  }>(`/api/v1/monitors?${query.toString()}`);
  return items.map(({ id, name, state }) => ({ word: id, about: `${name}, ${state}` }));
}

/** Lists show a line each. */
function firstSentence(text: string): string {
  return text.split(/[.:;] | \[/)[0]?.slice(0, 80) ?? '';
}
