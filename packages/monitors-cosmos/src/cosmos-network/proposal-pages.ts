/** All proposals of a chain, page by page, by the newest of the three routes a source serves. */
import { isVedetteError, type JsonObject, type JsonValue } from '@vedette/contract';
import { ReplyFault, requireField } from '../shared/reply.js';
import { firstServed, restCall } from '../shared/rest.js';
import type { Client } from '../shared/client.js';
import type { ClosedPages, PageCache } from './page-cache.js';
import { isConcluded, readProposal, type Proposal } from './proposals.js';

/** gov v1 (SDK 0.46 and later), v1beta1 (0.40 and later; lacks the content of v1 proposals), and before. */
export const PROPOSAL_ROUTES = [
  '/cosmos/gov/v1/proposals',
  '/cosmos/gov/v1beta1/proposals',
  '/gov/proposals',
] as const;

export interface AllProposals {
  readonly route: string;
  readonly proposals: readonly Proposal[];
  /** Entries that were no proposals. */
  readonly skipped: number;
}

export interface PagesParts {
  readonly client: Client;
  readonly url: string;
  readonly monitorId: string;
  readonly lastRoute: string | null;
  readonly cache: PageCache;
  readonly onStep: () => void;
}

const MAX_PAGES = 2_000;
/** Proposals to store code hold it: where the server's own page size is too much, fewer at a time. */
const LIMITS = [null, 10, 1] as const;

export async function readProposals(parts: PagesParts): Promise<AllProposals> {
  const { route, answer } = await firstServed(PROPOSAL_ROUTES, parts.lastRoute, (path) =>
    path === '/gov/proposals' ? readOldList(parts, path) : readPages(parts, path),
  );
  return { route, ...answer };
}

/** Before SDK 0.40 there are no pages. */
async function readOldList({ client, url }: PagesParts, path: string): Promise<Omit<AllProposals, 'route'>> {
  const body = await restCall(client, url, path);
  return proposalsIn(requireField(body, 'result'), 'result');
}

async function readPages(parts: PagesParts, path: string): Promise<Omit<AllProposals, 'route'>> {
  const { url, monitorId, cache } = parts;
  const origin = `${path} ${url}`;
  const closed: ClosedPages | null = cache.get(monitorId, origin);
  const proposals = [...(closed?.proposals ?? [])];
  const keys = new Set<string>();
  let key = closed?.nextKey ?? null;
  let isClosed = true;
  let skipped = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const body = await readPage(parts, path, key);
    const read = proposalsIn(requireField(body, 'proposals'), 'proposals');
    proposals.push(...read.proposals);
    skipped += read.skipped;
    parts.onStep();
    const next = nextKeyOf(body);
    // A key that comes again would go round for ever; PANIC's does so for an empty one.
    if (next === null || next === key || keys.has(next)) return { proposals, skipped };
    keys.add(next);
    key = next;
    // One that is open, or could not be read, may be another one next time.
    isClosed &&= read.skipped === 0 && read.proposals.every(isConcluded);
    if (isClosed) cache.put(monitorId, { origin, proposals: [...proposals], nextKey: next });
  }
  throw new ReplyFault('incompatible', `the proposals do not end after ${MAX_PAGES} pages`);
}

async function readPage({ client, url }: PagesParts, path: string, key: string | null): Promise<JsonObject> {
  for (const limit of LIMITS) {
    const query = {
      ...(key === null ? {} : { 'pagination.key': key }),
      ...(limit === null ? {} : { 'pagination.limit': limit }),
    };
    try {
      return await restCall(client, url, path, query);
    } catch (error) {
      if (!isVedetteError(error) || error.code !== 'SOURCE_TOO_LARGE' || limit === LIMITS.at(-1)) throw error;
    }
  }
  throw new RangeError('no page size is left');
}

function nextKeyOf(body: JsonObject): string | null {
  const pagination = body['pagination'];
  const key =
    typeof pagination === 'object' && pagination !== null ? (pagination as JsonObject)['next_key'] : null;
  return typeof key === 'string' && key !== '' ? key : null;
}

function proposalsIn(list: JsonValue, field: string): { proposals: Proposal[]; skipped: number } {
  // Go writes an empty list as null.
  if (list === null) return { proposals: [], skipped: 0 };
  if (!Array.isArray(list)) throw new ReplyFault('incompatible', `${field} is no list`);
  const proposals = list.map(readProposal).filter((proposal) => proposal !== null);
  return { proposals, skipped: list.length - proposals.length };
}
