/** What should run, by scope. One scope is replaced as a whole; of two claims to one id the younger wins. */
import type { MonitorSpec } from '@vedette/contract';

export class WantedSet {
  readonly #scopes = new Map<
    string,
    { readonly generation: number; readonly specs: readonly MonitorSpec[] }
  >();

  replace(scope: string, generation: number, specs: readonly MonitorSpec[]): void {
    this.#scopes.set(scope, { generation, specs });
  }

  scopes(): string[] {
    return [...this.#scopes.keys()];
  }

  specsOf(scope: string): readonly MonitorSpec[] {
    return this.#scopes.get(scope)?.specs ?? [];
  }

  /** The complete set, one spec per id. */
  specs(): MonitorSpec[] {
    return byId([...this.#scopes.values()]);
  }

  /** The complete set there would be if this scope were replaced now. */
  specsWith(scope: string, specs: readonly MonitorSpec[]): MonitorSpec[] {
    const others = [...this.#scopes].filter(([other]) => other !== scope).map(([, of]) => of);
    return byId([...others, { generation: Infinity, specs }]);
  }
}

function byId(
  scopes: readonly { readonly generation: number; readonly specs: readonly MonitorSpec[] }[],
): MonitorSpec[] {
  const oldestFirst = [...scopes].sort((a, b) => a.generation - b.generation);
  const known = new Map<string, MonitorSpec>();
  for (const { specs } of oldestFirst) {
    for (const spec of specs) known.set(spec.id, spec);
  }
  return [...known.values()];
}
