/** What the kinds say about their facts and errors; read once, since they do not change while the server runs. */
import { signal } from '@preact/signals';
import { getJson } from '../api/client.js';
import type { Kind } from '../api/types.js';

const kinds = signal<ReadonlyMap<string, Kind>>(new Map());

/** Never rejects: a page without these words is still of use. */
export async function readKinds(): Promise<void> {
  try {
    const { items } = await getJson<{ readonly items: readonly Kind[] }>('/api/v1/kinds');
    kinds.value = new Map(items.map((kind) => [kind.kind, kind]));
  } catch {
    // Asked for again when the stream begins anew.
  }
}

/** In few words: what comes after the colon says what it looks at. */
export function kindTitle(kind: string): string {
  return kinds.value.get(kind)?.title.split(':')[0] ?? kind;
}

/** When a kind reports this code; null: it does not say. */
export function kindError(kind: string, code: number): string | null {
  return kinds.value.get(kind)?.errors.find((error) => error.code === code)?.when ?? null;
}

/** What a fact is; null: the kind does not declare it. */
export function factAbout(kind: string, fact: string): string | null {
  return kinds.value.get(kind)?.facts.find(({ name }) => name === fact)?.what ?? null;
}
