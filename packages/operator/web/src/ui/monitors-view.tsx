/** The table of monitors with its filters, all in the address. */
import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { refine } from '../live/address.js';
import { isComplete, rows, total } from '../live/fleet.js';
import { counted, wholeNumber } from '../model/format.js';
import type { TableQuery } from '../model/route.js';
import { tableOf } from '../model/table.js';
import { Filters } from './filters.js';
import { MonitorTable } from './monitor-table.js';

export function MonitorsView({ query }: { readonly query: TableQuery }): JSX.Element {
  const search = useRef<HTMLInputElement>(null);
  const asked = useSignal(query);
  useEffect(() => {
    asked.value = query;
  }, [query]);
  const shown = useComputed(() => tableOf(rows.value, asked.value));
  const change = (next: TableQuery): void => {
    asked.value = next;
    refine({ view: 'monitors', query: next });
  };
  useSlashKey(search);
  return (
    <div class="table-view">
      <div class="table-head">
        <h1>Monitors</h1>
        <p class="quiet" role="status">
          {isComplete.value
            ? found(shown.value.length, rows.value.length)
            : `${wholeNumber(rows.value.length)} of ${wholeNumber(total.value ?? 0)} read …`}
        </p>
      </div>
      <Filters query={query} onChange={change} search={search} />
      <MonitorTable
        rows={shown.value}
        query={query}
        onSort={change}
        onSearch={() => {
          search.current?.focus();
        }}
      />
    </div>
  );
}

function found(shown: number, all: number): string {
  return shown === all ? counted(all, 'monitor') : `${wholeNumber(shown)} of ${counted(all, 'monitor')}`;
}

/** `/` goes to the search, as in other places where one looks for things. */
function useSlashKey(search: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, []);
}
