/** `vedette events`: what happened in the running manager, and with `-f` what happens, a line each, until Ctrl-C. */
import { printable } from '@vedette/contract';
import { EXIT } from '../exit-codes.js';
import type { ApiClient } from './api-client.js';
import { untilCtrlC } from './until-ctrl-c.js';

export interface EventsAsked {
  /** Empty: all. */
  readonly names: readonly string[];
  readonly isJson: boolean;
  readonly isFollowed: boolean;
  /** So many of the newest, first. */
  readonly count: number;
}

interface Told {
  /** `LIFE-NUMBER`; null without one. */
  readonly id: string | null;
  readonly name: string;
  readonly data: string;
}

/** The newest that are looked through for those asked for. */
const LOOKED_AT = 1_000;

/** Exit status 0 after Ctrl-C, and without `-f`; a stream that ends by itself is a CommandFailure. */
export async function showEvents(api: ApiClient, asked: EventsAsked): Promise<number> {
  const { names, isFollowed, count } = asked;
  const query = names.length === 0 ? '' : `?names=${names.map(encodeURIComponent).join(',')}`;
  return untilCtrlC(async (signal) => {
    let from: string | null = null;
    if (count > 0 || !isFollowed) {
      // Names nobody knows are refused here already.
      const last = await positionOf(api, query, signal);
      const before = last === null ? [] : await eventsUpTo(api, last, signal);
      const wanted = before.filter(({ name }) => names.length === 0 || names.includes(name));
      for (const one of count === 0 ? [] : wanted.slice(-count)) write(one, asked.isJson);
      from = last;
    }
    if (!isFollowed) return EXIT.ok;
    for await (const one of told(api, `/api/v1/events${query}`, signal, from)) {
      // After those before, a second greeting says nothing unless something is missing.
      if (one.name === 'hello' && from !== null && one.data.includes('"reset":null')) continue;
      write(one, asked.isJson);
    }
    return EXIT.ok;
  });
}

/** Id of the newest event there is; null if there was none to be had before the end. */
async function positionOf(api: ApiClient, query: string, signal: AbortSignal): Promise<string | null> {
  for await (const { id, name } of told(api, `/api/v1/events${query}`, signal, null)) {
    if (name === 'hello') return id;
  }
  return null;
}

/** The newest of all names up to `last`, without what was forgotten. */
async function eventsUpTo(api: ApiClient, last: string, signal: AbortSignal): Promise<Told[]> {
  const end = Number(last.split('-')[1]);
  const life = last.split('-')[0] ?? '';
  const found: Told[] = [];
  if (end === 0) return found;
  for await (const one of told(api, '/api/v1/events', signal, `${life}-${Math.max(0, end - LOOKED_AT)}`)) {
    if (one.name === 'hello') {
      if (!one.data.includes('"reset":null')) return found;
      continue;
    }
    found.push(one);
    if (Number(one.id?.split('-')[1]) >= end) return found;
  }
  return found;
}

/** Events of the stream. Leaving the loop ends the connection. */
async function* told(
  api: ApiClient,
  path: string,
  signal: AbortSignal,
  lastId: string | null,
): AsyncGenerator<Told> {
  let id: string | null = null;
  let name = '';
  for await (const line of api.lines(path, signal, lastId === null ? {} : { 'last-event-id': lastId })) {
    if (line.startsWith('id:')) id = line.slice(3).trim();
    else if (line.startsWith('event:')) name = line.slice(6).trim();
    else if (line.startsWith('data:')) yield { id, name, data: line.slice(5).trim() };
  }
}

function write({ name, data }: Told, isJson: boolean): void {
  const line = isJson ? JSON.stringify({ event: name, data: parsed(data) }) : eventLine(name, data);
  process.stdout.write(`${line}\n`);
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
