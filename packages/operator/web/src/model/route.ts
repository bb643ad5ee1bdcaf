/** What the address says: which view, and what of the table is shown. Pure; both ways. */

export const SORTS = ['worst', 'name', 'kind', 'chain', 'state', 'health', 'lastRound', 'restarts'] as const;
export type Sort = (typeof SORTS)[number];

export interface TableQuery {
  /** Part of id, name, kind or chain. */
  readonly q: string;
  readonly is: string;
  readonly state: string;
  readonly health: string;
  readonly kind: string;
  readonly chain: string;
  readonly sort: Sort;
  readonly isReversed: boolean;
}

export type Route =
  | { readonly view: 'overview' | 'chains' | 'config' | 'nowhere' }
  | { readonly view: 'monitors'; readonly query: TableQuery }
  | { readonly view: 'monitor'; readonly id: string };

export const FILTERS = ['q', 'is', 'state', 'health', 'kind', 'chain'] as const;
export const ALL_MONITORS: TableQuery = {
  q: '',
  is: '',
  state: '',
  health: '',
  kind: '',
  chain: '',
  sort: 'worst',
  isReversed: false,
};
const MAX_FILTER = 300;

/** `hash` as `location.hash` gives it. Whatever somebody typed gives a route. */
export function routeOf(hash: string): Route {
  const [path = '', search = ''] = splitOnce(hash.replace(/^#/, ''), '?');
  if (path === '' || path === '/') return { view: 'overview' };
  if (path === '/chains') return { view: 'chains' };
  if (path === '/config') return { view: 'config' };
  if (path === '/monitors') return { view: 'monitors', query: queryOf(search) };
  const [, encoded] = /^\/monitor\/(.+)$/.exec(path) ?? [];
  const id = encoded === undefined ? null : decoded(encoded);
  return id === null ? { view: 'nowhere' } : { view: 'monitor', id };
}

export function hashOf(route: Route): string {
  switch (route.view) {
    case 'monitors':
      return tableHash(route.query);
    case 'monitor':
      return monitorHash(route.id);
    case 'chains':
    case 'config':
      return `#/${route.view}`;
    default:
      return '#/';
  }
}

export function monitorHash(id: string): string {
  return `#/monitor/${encodeURIComponent(wellFormed(id))}`;
}

/** Only what differs from all monitors, worst first. */
export function tableHash(query: Partial<TableQuery>): string {
  const params = new URLSearchParams();
  for (const name of FILTERS) {
    const value = query[name];
    if (value !== undefined && value !== '') params.set(name, value);
  }
  const { sort = 'worst', isReversed = false } = query;
  if (sort !== 'worst' || isReversed) params.set('sort', `${isReversed ? '-' : ''}${sort}`);
  const search = params.toString();
  return search === '' ? '#/monitors' : `#/monitors?${search}`;
}

/** A second click on the column of the order turns it round. */
export function sortedBy(query: TableQuery, sort: Sort): TableQuery {
  return { ...query, sort, isReversed: query.sort === sort ? !query.isReversed : false };
}

function queryOf(search: string): TableQuery {
  const params = new URLSearchParams(search);
  const filters = Object.fromEntries(
    FILTERS.map((name) => [name, (params.get(name) ?? '').slice(0, MAX_FILTER)]),
  );
  const word = params.get('sort') ?? '';
  const sort = SORTS.find((one) => one === word.replace(/^-/, ''));
  return {
    ...ALL_MONITORS,
    ...filters,
    sort: sort ?? 'worst',
    isReversed: sort !== undefined && word.startsWith('-'),
  };
}

function splitOnce(text: string, by: string): readonly string[] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Half a surrogate pair cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
