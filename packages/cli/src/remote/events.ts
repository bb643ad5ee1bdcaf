/** `vedette events`: what happens in the running manager, a line each, until Ctrl-C. */
import { printable } from '@vedette/contract';
import { EXIT } from '../exit-codes.js';
import type { ApiClient } from './api-client.js';

/** Exit status 0 after Ctrl-C; a stream that ends by itself is a CommandFailure. */
export async function showEvents(
  api: ApiClient,
  { names, isJson }: { readonly names: readonly string[]; readonly isJson: boolean },
): Promise<number> {
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const query = names.length === 0 ? '' : `?names=${names.map(encodeURIComponent).join(',')}`;
  let name = '';
  try {
    for await (const line of api.lines(`/api/v1/events${query}`, stopped.signal)) {
      if (line.startsWith('event:')) name = line.slice(6).trim();
      if (!line.startsWith('data:')) continue;
      const data = line.slice(5).trim();
      process.stdout.write(
        `${isJson ? JSON.stringify({ event: name, data: parsed(data) }) : eventLine(name, data)}\n`,
      );
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  return EXIT.ok;
}

/** `2026-11-26T00:45:00.000Z monitor.state-changed id=evm-node:geth from=starting to=running`; nested values as JSON. */
export function eventLine(name: string, data: string): string {
  const value = parsed(data);
  if (typeof value !== 'object' || value === null) return `${name} ${printable(data)}`;
  const { at, ...rest } = value as Readonly<Record<string, unknown>>;
  const time = typeof at === 'number' ? [new Date(at).toISOString()] : [];
  const fields = Object.entries(rest)
    .filter(([, one]) => one !== null)
    .map(([key, one]) => `${key}=${typeof one === 'string' && !/\s/.test(one) ? one : JSON.stringify(one)}`);
  return printable([...time, name, ...fields].join(' '));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
