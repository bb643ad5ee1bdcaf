/** A registry whose answers have the true shape of Docker Hub's, newest tag first. Promise: close() ends it. */
import { answer, startStub } from './stub-source.js';

export interface Registry {
  readonly url: string;
  /** Paths asked for so far. */
  readonly requests: readonly string[];
  /** Docker Hub gives no more than 100 at a time. */
  largestPage: number;
  /** Epoch seconds; 0 for no limit. */
  limitedUntil: number;
  push(repository: string, tag: string, lastUpdated: string): void;
  close(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  const repositories = new Map<string, object[]>();
  const stub = await startStub((socket, request) => {
    registry.requests.push(request.path);
    const { status, body, headers } = reply(request.path);
    answer(JSON.stringify(body), { status, type: 'application/json', headers })(socket, request);
  });
  const reply = (path: string): { status: number; body: object; headers: string[] } => {
    const url = new URL(path, stub.url);
    if (registry.limitedUntil > 0) {
      const headers = [
        `x-ratelimit-limit: 180`,
        'x-ratelimit-remaining: 0',
        `x-ratelimit-reset: ${registry.limitedUntil}`,
      ];
      return { status: 429, body: { detail: 'Rate limit exceeded', error: false }, headers };
    }
    const name = /^\/v2\/repositories\/(.+)\/tags$/.exec(url.pathname)?.[1] ?? '';
    const tags = repositories.get(name);
    if (tags === undefined) {
      const body = {
        message: 'httperror 404: object not found',
        errinfo: { namespace: 'acme', repository: name },
      };
      return { status: 404, body, headers: [] };
    }
    const page = Number(url.searchParams.get('page') ?? 1);
    const asked = Number(url.searchParams.get('page_size') ?? 10);
    const size = Math.min(asked, registry.largestPage);
    const link = (number: number): string => `${stub.url}${url.pathname}?page=${number}&page_size=${asked}`;
    const body = {
      count: tags.length,
      next: page * size < tags.length ? link(page + 1) : null,
      previous: page > 1 ? link(page - 1) : null,
      results: tags.slice((page - 1) * size, page * size),
    };
    return { status: 200, body, headers: ['x-ratelimit-limit: 180', 'x-ratelimit-remaining: 179'] };
  };
  const registry = {
    url: stub.url,
    requests: [] as string[],
    largestPage: 100,
    limitedUntil: 0,
    push(repository: string, tag: string, lastUpdated: string) {
      const tags = repositories.get(repository) ?? [];
      repositories.set(repository, [tagOf(tag, lastUpdated, tags.length + 1), ...tags]);
    },
    close: () => stub.close(),
  };
  return registry;
}

function tagOf(name: string, lastUpdated: string, id: number): object {
  return {
    creator: 1,
    id,
    images: [
      {
        architecture: 'amd64',
        features: '',
        variant: null,
        digest: `sha256:${String(id).padStart(64, '0')}`,
        os: 'linux',
        os_features: '',
        os_version: null,
        size: 41_000_000,
        status: 'active',
        last_pulled: lastUpdated,
        last_pushed: lastUpdated,
      },
    ],
    last_updated: lastUpdated,
    last_updater: 1,
    last_updater_username: 'acme',
    name,
    repository: 7,
    full_size: 41_000_000,
    v2: true,
    tag_status: 'active',
    tag_last_pulled: lastUpdated,
    tag_last_pushed: lastUpdated,
    media_type: 'application/vnd.oci.image.index.v1+json',
    content_type: 'image',
  };
}
