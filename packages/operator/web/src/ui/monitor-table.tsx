/**
 * A table of any length of which only what is seen is drawn. Promise: thousands of rows cost as much as thirty; rows
 * are chosen with the arrow keys and opened with Enter.
 */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MonitorRow } from '../api/types.js';
import { goTo } from '../live/address.js';
import { monitorHash, sortedBy, type Sort, type TableQuery } from '../model/route.js';
import { movedBy, scrollFor, windowOf } from '../model/window.js';
import { TableRow } from './table-row.js';
import { useViewport } from './use-viewport.js';

const OVERSCAN = 8;

interface TableProps {
  readonly rows: readonly MonitorRow[];
  readonly query: TableQuery;
  readonly onSort: (query: TableQuery) => void;
  readonly onSearch: () => void;
}

const COLUMNS: readonly (readonly [sort: Sort | null, word: string, name: string])[] = [
  ['worst', 'Condition', 'condition'],
  ['name', 'Name', 'name'],
  ['kind', 'Kind', 'kind'],
  ['chain', 'Chain', 'chain'],
  ['state', 'State', 'state'],
  ['health', 'Health', 'health'],
  [null, 'Observed', 'figure'],
  ['lastRound', 'Last round', 'round'],
  ['restarts', 'Restarts', 'restarts'],
];

export function MonitorTable({ rows, query, onSort, onSearch }: TableProps): JSX.Element {
  const body = useRef<HTMLDivElement>(null);
  const viewport = useViewport(body);
  const [chosen, setChosen] = useState<string | null>(null);
  const at = chosen === null ? -1 : rows.findIndex(({ id }) => id === chosen);
  const { first, end } = windowOf(viewport, rows.length, OVERSCAN);
  // A row that leaves at one end is used again at the other: making rows is what a fast scroll would wait for.
  const slots = Math.ceil(viewport.height / viewport.rowHeight) + 2 * OVERSCAN + 2;

  // Another order or filter begins at its top.
  const place = JSON.stringify(query);
  useLayoutEffect(() => {
    if (body.current !== null) body.current.scrollTop = 0;
  }, [place]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && chosen !== null && at >= 0) return void goTo(monitorHash(chosen));
    if (event.key === 'ArrowUp' && at <= 0) {
      event.preventDefault();
      return void onSearch();
    }
    const page = Math.max(1, Math.floor(viewport.height / viewport.rowHeight) - 1);
    const to = movedBy(event.key, at, rows.length, page);
    const row = to === null ? undefined : rows[to];
    if (to === null || row === undefined) return;
    event.preventDefault();
    setChosen(row.id);
    if (body.current !== null) body.current.scrollTop = scrollFor(to, viewport);
  };

  return (
    <div
      class="grid"
      role="grid"
      aria-label="Monitors"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= first && at < end ? `row-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (event.target === event.currentTarget && at < 0) setChosen(rows[0]?.id ?? null);
      }}
    >
      <div class="grid-body" ref={body} role="presentation">
        <div class="grid-head" role="rowgroup">
          <div class="grid-row" role="row" aria-rowindex={1}>
            {COLUMNS.map(([sort, word, name]) => (
              <Heading key={name} sort={sort} word={word} name={name} query={query} onSort={onSort} />
            ))}
          </div>
        </div>
        <div class="grid-space" role="rowgroup" style={{ height: `${rows.length * viewport.rowHeight}px` }}>
          {rows.slice(first, end).map((row, offset) => (
            <TableRow
              key={(first + offset) % slots}
              row={row}
              index={first + offset}
              top={(first + offset) * viewport.rowHeight}
              isChosen={first + offset === at}
            />
          ))}
        </div>
      </div>
      {rows.length === 0 && (
        <p class="grid-empty" role="presentation">
          No monitor is like that.
        </p>
      )}
    </div>
  );
}

interface HeadingProps extends Pick<TableProps, 'query' | 'onSort'> {
  readonly sort: Sort | null;
  readonly word: string;
  readonly name: string;
}

function Heading({ sort, word, name, query, onSort }: HeadingProps): JSX.Element {
  const order = sort !== query.sort ? 'none' : query.isReversed ? 'descending' : 'ascending';
  return (
    <div class={`cell cell-${name}`} role="columnheader" aria-sort={sort === null ? undefined : order}>
      {sort === null ? (
        word
      ) : (
        <button
          type="button"
          class={`sort sort-${order}`}
          onClick={() => {
            onSort(sortedBy(query, sort));
          }}
        >
          {word}
        </button>
      )}
    </div>
  );
}
