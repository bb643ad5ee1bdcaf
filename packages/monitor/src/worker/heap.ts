/**
 * This thread's heap of V8. `collect` is what DevTools' dustbin does: unlike `gc()` of `--expose-gc` it also gives
 * the memory back that the heap then has no use for, some 3 MB after a start. Null in a Node without inspector.
 */
import type * as inspector from 'node:inspector';
import { getHeapSpaceStatistics } from 'node:v8';
import type { Heap } from './tidy.js';

const YOUNG: ReadonlySet<string> = new Set(['new_space', 'new_large_object_space']);

export function threadHeap(): Heap | null {
  if (!process.features.inspector) return null;
  // Kept: to disconnect in the answer's own turn blocks the thread for ever (Node 20).
  let session: inspector.Session | null = null;
  return {
    used: () =>
      getHeapSpaceStatistics().reduce(
        (sum, { space_name: name, space_used_size: bytes }) => (YOUNG.has(name) ? sum : sum + bytes),
        0,
      ),
    collect: (done) => {
      if (session === null) {
        // Loaded at first use, as everything a thread may do without.
        const { Session }: typeof inspector = process.getBuiltinModule('node:inspector');
        session = new Session();
        session.connect();
      }
      session.post('HeapProfiler.collectGarbage', () => {
        done();
      });
    },
  };
}
