import type { JsonObject, JsonValue } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { expectGolden } from '../../../test/support/golden.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import {
  answer,
  BROKEN,
  deadPort,
  startStub,
  type Behaviour,
  type StubSource,
} from '../../../test/support/stub-source.js';
import defaultMonitor, { githubMonitor } from '../src/github/monitor.js';
import { githubStrategy } from '../src/index.js';

const EXAMPLE = readFileSync(new URL('./fixtures/github-releases.json', import.meta.url), 'utf8');
const GOLDENS = 'packages/monitors-general/test/goldens/github';
const REPO = identity('github', 'acme/node', 'GitHub monitor (acme node)', 'repo_1');
const SILENT = ['black hole', 'slow drip'];
const SHORT = { budgetMs: 400, pageMs: 200 };
const PATIENT = { budgetMs: 8_000, pageMs: 5_000 };
const NOW_MS = 1_700_000_000_123.456;
const HOUR_MS = 3_600_000;
const TOKEN = 'not-a-real-token';

interface Options {
  readonly state?: JsonValue;
  readonly nowMs?: number;
  readonly token?: string;
  readonly timeouts?: typeof PATIENT;
}

function round(urlTemplate: string, options: Options = {}): Promise<PlayedRound> {
  const { state = null, nowMs = NOW_MS, token = '', timeouts = PATIENT } = options;
  return playRound(githubMonitor(timeouts), {
    settings: { repo: 'acme/node', urlTemplate, token },
    monitor: REPO,
    state,
    nowMs,
  });
}

function json(value: unknown, headers: readonly string[] = [], status = 200): Behaviour {
  return answer(JSON.stringify(value), { type: 'application/json; charset=utf-8', headers, status });
}

/** Releases from `newest` down to 1, as far as a page reaches. */
function releases(newest: number, length = newest): JsonObject[] {
  return Array.from({ length: Math.min(30, length) }, (_none, index) => {
    const id = newest - index;
    return { id, name: `Release ${id}`, tag_name: `v${id}`, draft: false };
  });
}

describe('the GitHub monitor', () => {
  const stubs: StubSource[] = [];
  const start = async (behaviour: Behaviour): Promise<StubSource> => {
    const stub = await startStub(behaviour);
    stubs.push(stub);
    return stub;
  };
  const template = (stub: StubSource): string => `${stub.url}/repos/{}releases`;
  const roundOn = async (behaviour: Behaviour, options: Options = {}): Promise<PlayedRound> =>
    round(template(await start(behaviour)), options);
  const shown = (played: PlayedRound): string =>
    (played.texts[0] ?? '').replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://api.github.com');
  const tagsOf = (played: PlayedRound): string[] => {
    const { result } = JSON.parse(played.texts[0] ?? '') as { result: { data: Record<string, JsonObject> } };
    return Object.values(result.data).map((one) => String(one['tag_name']));
  };

  afterEach(async () => {
    closeHttp();
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  it('publishes the releases of a repository as PANIC would, emoji and missing names included', async () => {
    const stub = await start(answer(EXAMPLE, { type: 'application/json; charset=utf-8' }));
    const played = await round(template(stub));
    expect(played.result.messages.map(({ routingKey }) => routingKey)).to.deep.equal(['github']);
    expectGolden(`${GOLDENS}/result`, shown(played));
    expect(stub.requests.map(({ path }) => path)).to.deep.equal(['/repos/acme/node/releases']);
    expect(stub.requests[0]?.head).to.match(/^user-agent: vedette$/im);
    expect(played.result.facts).to.include({ release_count: 3, new_releases: 0, rate_limit_remaining: null });
    expect(githubStrategy.keyFigure(played.result.facts ?? {})).to.equal('3 releases');
    expect(played.logs).to.deep.equal([]);
  });

  it('publishes {} for a repository without releases', async () => {
    expectGolden(`${GOLDENS}/no-releases`, shown(await roundOn(json([]))));
  });

  it('passes over drafts, and takes a name that is no text for none', async () => {
    const played = await roundOn(
      json([
        { id: 3, name: 'Draft', tag_name: 'v3', draft: true },
        { id: '2', name: 7, tag_name: 'v2' },
        { id: 1, tag_name: 'v1' },
      ]),
    );
    expectGolden(`${GOLDENS}/odd-names`, shown(played));
  });

  describe('finding new releases', () => {
    const follow = async (
      stub: StubSource,
      page: readonly JsonObject[],
      before: PlayedRound | null,
    ): Promise<PlayedRound> => {
      stub.behave(json(page));
      return round(template(stub), { state: before?.result.state ?? null });
    };

    it('publishes one page at first, as PANIC did, so that a migration announces nothing', async () => {
      const stub = await start(json([]));
      const first = await follow(stub, releases(100), null);
      expect(tagsOf(first)).to.have.lengthOf(30);
      const again = await follow(stub, releases(100), first);
      expect(tagsOf(again)).to.deep.equal(tagsOf(first));
    });

    it('lets the list grow by each new release of a repository with more than a page', async () => {
      const stub = await start(json([]));
      const first = await follow(stub, releases(100), null);
      const second = await follow(stub, releases(102), first);
      expect(tagsOf(second)).to.have.lengthOf(32);
      expect(tagsOf(second).slice(0, 3)).to.deep.equal(['v102', 'v101', 'v100']);
      expect(second.result.facts).to.include({ release_count: 32, new_releases: 2 });
      expect(githubStrategy.keyFigure(second.result.facts ?? {})).to.equal('32 releases, 2 new');
      expect(tagsOf(await follow(stub, releases(102), second))).to.deep.equal(tagsOf(second));
    });

    it('announces the first release of a repository that had none', async () => {
      const stub = await start(json([]));
      const second = await follow(stub, releases(1), await follow(stub, [], null));
      expect(tagsOf(second)).to.deep.equal(['v1']);
      expect(second.result.facts).to.include({ new_releases: 1 });
    });

    it('puts a new release of an older line first, for consumers tell of the first ones', async () => {
      const stub = await start(json([]));
      const first = await follow(stub, releases(5), null);
      const backport = { id: 9, name: 'Backport', tag_name: 'v3.1' };
      const second = await follow(stub, [...releases(5, 2), backport, ...releases(3)], first);
      expect(tagsOf(second)).to.deep.equal(['v3.1', 'v5', 'v4', 'v3', 'v2', 'v1']);
      const third = await follow(stub, [...releases(5, 2), backport, ...releases(3)], second);
      expect(tagsOf(third)).to.deep.equal(['v5', 'v4', 'v3.1', 'v3', 'v2', 'v1']);
    });

    it('takes old ones that came up because others were deleted for old', async () => {
      const stub = await start(json([]));
      const first = await follow(stub, releases(100), null);
      const second = await follow(stub, [...releases(100, 10), ...releases(85, 20)], first);
      expect(second.result.facts).to.include({ release_count: 30, new_releases: 0 });
    });

    it('shortens the list with deleted releases, as PANIC does', async () => {
      const stub = await start(json([]));
      const second = await follow(stub, releases(2), await follow(stub, releases(5), null));
      expect(tagsOf(second)).to.deep.equal(['v2', 'v1']);
    });

    it('cuts a long list to a page in a round without news, never beside news', async () => {
      const stub = await start(json([]));
      let played = await follow(stub, releases(100), null);
      for (const newest of [125, 150]) played = await follow(stub, releases(newest), played);
      expect(tagsOf(played)).to.have.lengthOf(80);
      played = await follow(stub, releases(151), played);
      expect(tagsOf(played)).to.have.lengthOf(81);
      played = await follow(stub, releases(151), played);
      expect(tagsOf(played)).to.have.lengthOf(30);
    });

    it('reads further pages only when no release of the first is known, five at most', async () => {
      const stub = await start(json([]));
      const first = await follow(stub, releases(100), null);
      stub.behave((socket, request) => {
        const page = Number(/page=(\d+)/.exec(request.path)?.[1] ?? 1);
        const link = `link: <${stub.url}${request.path.split('?')[0] ?? ''}?page=${page + 1}>; rel="next", <${stub.url}/x?page=99>; rel="last"`;
        json(releases(150 - 30 * (page - 1)), [link])(socket, request);
      });
      const second = await round(template(stub), { state: first.result.state ?? null });
      expect(stub.requests.slice(1).map(({ path }) => path)).to.deep.equal([
        '/repos/acme/node/releases',
        '/repos/acme/node/releases?page=2',
      ]);
      expect(second.result.facts).to.include({ new_releases: 50, release_count: 80 });
      const strange = { ...(first.result.state as JsonObject), releases: [['no', null, 'such']] };
      await round(template(stub), { state: strange });
      expect(stub.requests).to.have.lengthOf(3 + 5);
    });

    it('does not follow a next page to another host', async () => {
      const stub = await start(json([]));
      const other = await start(json(releases(3)));
      const first = await follow(stub, releases(100), null);
      stub.behave(json(releases(150), [`link: <${other.url}/?page=2>; rel="next"`]));
      await round(template(stub), { state: first.result.state ?? null, token: TOKEN });
      expect(other.requests).to.deep.equal([]);
    });
  });

  describe('sparing the rate limit', () => {
    it('asks with the last ETag, and publishes the same list for 304', async () => {
      const stub = await start(answer(EXAMPLE, { headers: ['etag: W/"abc"'] }));
      const first = await round(template(stub));
      stub.behave(answer('', { status: 304, headers: ['etag: W/"abc"', 'x-ratelimit-remaining: 57'] }));
      const second = await round(template(stub), { state: first.result.state ?? null });
      expect(stub.requests[1]?.head).to.include('if-none-match: W/"abc"');
      expect(second.texts).to.deep.equal(first.texts);
      expect(second.result.facts).to.include({ release_count: 3, rate_limit_remaining: 57 });
      const third = await round(template(stub), { state: second.result.state ?? null });
      expect(third.texts).to.deep.equal(first.texts);
    });

    it('waits for the reset of a used-up limit, saying so each round, and asks again then', async () => {
      const reset = Math.trunc(NOW_MS / 1000) + 1_800;
      const headers = ['x-ratelimit-remaining: 0', `x-ratelimit-reset: ${reset}`];
      const stub = await start(json({ message: 'API rate limit exceeded for 10.0.0.5.' }, headers, 403));
      const first = await round(template(stub));
      expectGolden(`${GOLDENS}/rate-limit`, shown(first));
      const second = await round(template(stub), {
        state: first.result.state ?? null,
        nowMs: NOW_MS + 1_000_000,
      });
      expect(second.result.reported?.code).to.equal(5007);
      expectGolden(`${GOLDENS}/rate-limit-waiting`, shown(second));
      expect(stub.requests).to.have.lengthOf(1);
      stub.behave(json(releases(2)));
      const third = await round(template(stub), {
        state: second.result.state ?? null,
        nowMs: NOW_MS + HOUR_MS,
      });
      expect(tagsOf(third)).to.deep.equal(['v2', 'v1']);
    });

    it('keeps what it knew through an error, and waits a minute after a bare 429', async () => {
      const stub = await start(json(releases(3)));
      const first = await round(template(stub));
      stub.behave(BROKEN['HTTP 429']);
      const second = await round(template(stub), { state: first.result.state ?? null });
      expect(second.result.reported?.code).to.equal(5007);
      expect(second.result.state).to.include({ limitedUntil: NOW_MS + 60_000, count: 3 });
      stub.behave(json(releases(4)));
      const third = await round(template(stub), {
        state: second.result.state ?? null,
        nowMs: NOW_MS + 60_001,
      });
      expect(third.result.facts).to.include({ new_releases: 1 });
    });

    it('does not wait for ever, whatever a header or a clock says', async () => {
      const stub = await start(json({ message: 'slow down' }, ['retry-after: 99999999'], 429));
      const { result } = await round(template(stub));
      expect(result.state).to.include({ limitedUntil: NOW_MS + 24 * HOUR_MS });
      stub.behave(json(releases(1)));
      const state = { limitedUntil: NOW_MS + 25 * HOUR_MS };
      expect(tagsOf(await round(template(stub), { state }))).to.deep.equal(['v1']);
    });

    it('sends the token as it should, to this machine or over https only, and shows it nowhere', async () => {
      const stub = await start(json({ message: 'Bad credentials' }, [], 401));
      const played = await round(template(stub), { token: TOKEN });
      expect(stub.requests[0]?.head).to.include(`authorization: Bearer ${TOKEN}`);
      expect(played.result.reported).to.deep.equal({
        code: 5007,
        message: 'Error in API Call: Bad credentials',
      });
      expect(JSON.stringify([played.texts, played.logs, played.result.state])).not.to.include(TOKEN);
      await round(template(stub).replace('127.0.0.1', '127.0.0.2'), { token: TOKEN });
      await round(template(stub));
      expect(stub.requests.slice(1).some(({ head }) => /authorization/i.test(head))).to.equal(false);
    });
  });

  describe('failures', () => {
    it('reports 5006 when GitHub cannot be reached', async () => {
      const played = await round(`http://127.0.0.1:${await deadPort()}/repos/{}releases`);
      expectGolden(`${GOLDENS}/unreachable`, shown(played));
    });

    it('reports 5005 when the answer breaks off', async () => {
      expectGolden(`${GOLDENS}/broken-off`, shown(await roundOn(BROKEN.truncated)));
    });

    it('reports 5007 with the text GitHub gives', async () => {
      const body = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' };
      expectGolden(`${GOLDENS}/not-found`, shown(await roundOn(json(body, [], 404))));
    });

    it('reports 5012 for a body that is not JSON', async () => {
      expectGolden(`${GOLDENS}/not-json`, shown(await roundOn(BROKEN['HTML page'])));
    });

    const SHAPES: readonly (readonly [what: string, body: unknown])[] = [
      ['null', null],
      ['a text', 'releases'],
      ['an object', { releases: [] }],
      ['a list of nulls', [null]],
      ['a release without a tag', [{ id: 1, name: 'a' }]],
      ['a tag that is a number', [{ id: 1, name: 'a', tag_name: 1 }]],
      ['a tag that is null', [{ id: 1, name: 'a', tag_name: null }]],
    ];
    for (const [what, body] of SHAPES) {
      it(`reports 5007 for ${what}`, async () => {
        expect((await roundOn(json(body))).result.reported?.code).to.equal(5007);
      });
    }

    const CODES: readonly (readonly [source: keyof typeof BROKEN, code: number])[] = [
      ['reset', 5006],
      ['black hole', 5006],
      ['slow drip', 5006],
      ['not HTTP', 5006],
      ['truncated', 5005],
      ['malformed chunks', 5005],
      ['redirect loop', 5006],
      ['redirect elsewhere', 5006],
      ['HTML page', 5012],
      ['404 page', 5012],
      ['garbage', 5012],
      ['empty body', 5012],
      ['JSON body', 5007],
      ['too large', 5007],
      ['invalid UTF-8', 5012],
      ['HTTP 401', 5012],
      ['HTTP 429', 5007],
      ['HTTP 500', 5012],
      ['HTTP 503', 5012],
    ];
    for (const [source, code] of CODES) {
      it(`reports ${code} for a source that is broken by: ${source}`, async () => {
        const timeouts = SILENT.includes(source) ? SHORT : PATIENT;
        const { result, texts } = await roundOn(BROKEN[source], { timeouts });
        expect(result.reported?.code).to.equal(code);
        const { error } = JSON.parse(texts[0] ?? '') as { error: JsonObject };
        expect(error['meta_data']).to.have.all.keys(
          'monitor_name',
          'repo_name',
          'repo_id',
          'repo_parent_id',
          'time',
        );
      });
    }

    it('knows every way of being broken', () => {
      expect(CODES.map(([source]) => source)).to.have.members(Object.keys(BROKEN));
    });

    it('reports 5006 when TLS fails', async () => {
      const stub = await start(answer(EXAMPLE));
      const { result } = await round(template(stub).replace('http:', 'https:'));
      expect(result.reported?.code).to.equal(5006);
    });

    it('reads any old state safely', async () => {
      const stub = await start(json(releases(2)));
      const states: JsonValue[] = [
        7,
        'x',
        [],
        { count: 'x', releases: 3 },
        { count: 9, releases: [7, [1], []] },
      ];
      for (const state of [...states, { count: -1, releases: [], etag: 3, limitedUntil: 'soon' }]) {
        expect(tagsOf(await round(template(stub), { state }))).to.deep.equal(['v2', 'v1']);
      }
    });

    it('throws an abort on: it is no failure of GitHub', async () => {
      const stub = await start(BROKEN['black hole']);
      const settings = { repo: 'acme/node', urlTemplate: template(stub), token: '' };
      const signal = AbortSignal.abort(new Error('stop'));
      const thrown = await playRound(defaultMonitor, { settings, monitor: REPO, signal }).catch(String);
      expect(thrown).to.equal('Error: stop');
    });
  });
});
