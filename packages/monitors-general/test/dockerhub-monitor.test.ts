import type { JsonObject, JsonValue } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
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
import defaultMonitor, { dockerhubMonitor } from '../src/dockerhub/monitor.js';
import { dockerhubStrategy } from '../src/index.js';
import { startRegistry } from '../../../test/support/docker-registry.js';

const GOLDENS = 'packages/monitors-general/test/goldens/dockerhub';
const REPO = identity('dockerhub', 'acme/node', 'DockerHub monitor (acme node)', 'dock_1');
const SILENT = ['black hole', 'slow drip'];
const SHORT = { budgetMs: 400, pageMs: 200 };
const PATIENT = { budgetMs: 8_000, pageMs: 5_000 };
const NOW_MS = 1_700_000_000_123.456;

interface Options {
  readonly state?: JsonValue;
  readonly nowMs?: number;
  readonly timeouts?: typeof PATIENT;
  readonly name?: string;
}

function round(urlTemplate: string, options: Options = {}): Promise<PlayedRound> {
  const { state = null, nowMs = NOW_MS, timeouts = PATIENT, name = 'node' } = options;
  return playRound(dockerhubMonitor(timeouts), {
    settings: { namespace: 'acme', name, urlTemplate },
    monitor: REPO,
    state,
    nowMs,
  });
}

function json(value: unknown, headers: readonly string[] = [], status = 200): Behaviour {
  return answer(JSON.stringify(value), { type: 'application/json', headers, status });
}

const tag = (name: unknown, last_updated: unknown): object => ({ name, last_updated });

describe('the Docker Hub monitor', () => {
  const stubs: { close(): Promise<void> }[] = [];
  const start = async (behaviour: Behaviour): Promise<StubSource> => {
    const stub = await startStub(behaviour);
    stubs.push(stub);
    return stub;
  };
  const template = (stub: { url: string }): string => `${stub.url}/v2/repositories/{}/{}/tags`;
  const roundOn = async (behaviour: Behaviour, options: Options = {}): Promise<PlayedRound> =>
    round(template(await start(behaviour)), options);
  const shown = (played: PlayedRound): string =>
    (played.texts[0] ?? '').replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://hub.docker.com');
  const tagsOf = (played: PlayedRound): string[] => {
    const { result } = JSON.parse(played.texts[0] ?? '') as { result: { data: Record<string, JsonObject> } };
    return Object.values(result.data).map((one) => String(one['tag_name']));
  };

  afterEach(async () => {
    closeHttp();
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  describe("on a registry of Docker Hub's shape", () => {
    it('publishes all pages as one list, times to the microsecond', async () => {
      const registry = await startRegistry();
      stubs.push(registry);
      registry.push('acme/node', 'v1.9.9', '2023-11-13T18:26:40.500000Z');
      registry.push('acme/node', 'v2.1.0', '2023-11-13T20:00:00Z');
      registry.push('acme/node', 'latest', '2023-11-14T19:26:40.250125Z');
      registry.largestPage = 2;
      const played = await round(template(registry));
      expect(played.result.messages.map(({ routingKey }) => routingKey)).to.deep.equal(['dockerhub']);
      expectGolden(`${GOLDENS}/result`, shown(played));
      expect(registry.requests).to.deep.equal([
        '/v2/repositories/acme/node/tags?page_size=100',
        '/v2/repositories/acme/node/tags?page=2&page_size=100',
      ]);
      expect(played.result.facts).to.include({ tag_count: 3, page_count: 2, unreadable_tags: 0 });
      expect(dockerhubStrategy.keyFigure(played.result.facts ?? {})).to.equal('3 tags');
    });

    it('keeps the order of several hundred tags over all pages', async () => {
      const registry = await startRegistry();
      stubs.push(registry);
      for (let index = 0; index < 250; index += 1) {
        registry.push('acme/node', `v${index}`, new Date(1_600_000_000_000 + index * 1_000).toISOString());
      }
      const tags = tagsOf(await round(template(registry)));
      expect(tags).to.have.lengthOf(250);
      expect([tags[0], tags[249]]).to.deep.equal(['v249', 'v0']);
      expect(registry.requests).to.have.lengthOf(3);
    });

    it('reports 5020 for a repository that is not there', async () => {
      const registry = await startRegistry();
      stubs.push(registry);
      expectGolden(`${GOLDENS}/not-found`, shown(await round(template(registry), { name: 'missing' })));
    });

    it('reports 5021 at its rate limit, leaves it alone until the time it names, and asks again then', async () => {
      const registry = await startRegistry();
      stubs.push(registry);
      registry.push('acme/node', 'v1', '2023-11-13T18:26:40Z');
      registry.limitedUntil = 1_700_000_060;
      const first = await round(template(registry));
      expectGolden(`${GOLDENS}/rate-limit`, shown(first));
      const second = await round(template(registry), { state: first.result.state ?? null });
      expectGolden(`${GOLDENS}/rate-limit-waiting`, shown(second));
      expect(registry.requests).to.have.lengthOf(1);
      registry.limitedUntil = 0;
      const third = await round(template(registry), {
        state: second.result.state ?? null,
        nowMs: 1_700_000_060_001,
      });
      expect(tagsOf(third)).to.deep.equal(['v1']);
    });
  });

  it('leaves out tags without a readable time, and says how many', async () => {
    const played = await roundOn(
      json({
        count: '4',
        next: null,
        results: [tag('a', '2023-11-14T22:13:20Z'), tag('b', null), tag('c', 'soon'), tag(7, 'x'), null],
      }),
    );
    expect(tagsOf(played)).to.deep.equal(['a']);
    expect(played.result.facts).to.include({ tag_count: 1, unreadable_tags: 4 });
  });

  it('leaves a page size alone that the template names, and encodes odd names', async () => {
    const stub = await start(json({ count: 1, next: '', results: [tag('a', '2023-11-14T22:13:20Z')] }));
    await round(`${stub.url}/{}/{}?page_size=25`, { name: 'ä:b' });
    expect(stub.requests[0]?.path).to.equal('/acme/%C3%A4%3Ab?page_size=25');
  });

  describe('failures', () => {
    it('reports 5021 when Docker Hub cannot be reached', async () => {
      const url = `http://127.0.0.1:${await deadPort()}/v2/repositories/{}/{}/tags`;
      expectGolden(`${GOLDENS}/unreachable`, shown(await round(url)));
    });

    it('reports 5005 when an answer breaks off', async () => {
      expectGolden(`${GOLDENS}/broken-off`, shown(await roundOn(BROKEN.truncated)));
    });

    it('reports 5012 for a body that is not JSON', async () => {
      expectGolden(`${GOLDENS}/not-json`, shown(await roundOn(BROKEN['HTML page'])));
    });

    it('reports 5020 for a count of 0', async () => {
      const empty = json({ count: 0, next: null, previous: null, results: [] });
      expectGolden(`${GOLDENS}/no-tags`, shown(await roundOn(empty)));
    });

    const SHAPES: readonly (readonly [what: string, body: unknown, code: number, status?: number])[] = [
      ['null', null, 5020],
      ['a list', [], 5020],
      ['an object without next', { count: 1, results: [] }, 5020],
      ['results that are null', { count: 1, next: null, results: null }, 5020],
      ['a count without tags', { count: 3, next: null, results: [] }, 5020],
      ['tags of which none has a time', { count: 1, next: null, results: [tag('a', null)] }, 5020],
      ['a JSON error of the server', { detail: 'oops' }, 5021, 500],
      ['a JSON refusal', { detail: 'private' }, 5021, 403],
    ];
    for (const [what, body, code, status = 200] of SHAPES) {
      it(`reports ${code} for ${what}`, async () => {
        expect((await roundOn(json(body, [], status))).result.reported?.code).to.equal(code);
      });
    }

    it('reports 5021 for pages in a circle, pages on another host, and a later page that is missing', async () => {
      const page = (next: string): Behaviour =>
        json({ count: 2, next, results: [tag('a', '2023-11-14T22:13:20Z')] });
      const stub = await start(() => undefined);
      for (const next of [`${stub.url}/round`, 'http://127.0.0.2:9/elsewhere', 'http://[']) {
        stub.behave(page(next));
        expect((await round(template(stub))).result.reported?.code).to.equal(5021);
      }
      stub.behave((socket, request) => {
        if (request.path.includes('page=2')) BROKEN.reset(socket);
        else page(`${stub.url}/?page=2`)(socket, request);
      });
      expect((await round(template(stub))).result.reported?.code).to.equal(5021);
    });

    it('reports 5021, never a part of the list, when the pages do not end in time', async () => {
      const stub = await start(() => undefined);
      let number = 1;
      stub.behave((socket, request) => {
        number += 1;
        const next = `${stub.url}/?page=${number}`;
        json({ count: 2, next, results: [tag('a', '2023-11-14T22:13:20Z')] })(socket, request);
      });
      const { result } = await round(template(stub), { timeouts: { budgetMs: 150, pageMs: 150 } });
      expect(result.reported?.code).to.equal(5021);
    });

    const CODES: readonly (readonly [source: keyof typeof BROKEN, code: number])[] = [
      ['reset', 5021],
      ['black hole', 5021],
      ['slow drip', 5021],
      ['not HTTP', 5021],
      ['truncated', 5005],
      ['malformed chunks', 5005],
      ['redirect loop', 5021],
      ['redirect elsewhere', 5021],
      ['HTML page', 5012],
      ['404 page', 5020],
      ['garbage', 5012],
      ['empty body', 5012],
      ['JSON body', 5020],
      ['too large', 5020],
      ['invalid UTF-8', 5012],
      ['HTTP 401', 5012],
      ['HTTP 429', 5021],
      ['HTTP 500', 5012],
      ['HTTP 503', 5012],
    ];
    for (const [source, code] of CODES) {
      it(`reports ${code} for a source that is broken by: ${source}`, async () => {
        const timeouts = SILENT.includes(source) ? SHORT : PATIENT;
        const { result, texts } = await roundOn(BROKEN[source], { timeouts });
        expect(result.reported?.code).to.equal(code);
        const { error } = JSON.parse(texts[0] ?? '') as { error: JsonObject };
        expect(Object.keys(error['meta_data'] as object)).to.deep.equal([
          'monitor_name',
          'repo_namespace',
          'repo_name',
          'repo_id',
          'repo_parent_id',
          'time',
        ]);
      });
    }

    it('knows every way of being broken', () => {
      expect(CODES.map(([source]) => source)).to.have.members(Object.keys(BROKEN));
    });

    it('reports 5021 when TLS fails', async () => {
      const stub = await start(json({}));
      const { result } = await round(template(stub).replace('http:', 'https:'));
      expect(result.reported?.code).to.equal(5021);
    });

    it('reads any old state safely', async () => {
      const stub = await start(json({ count: 1, next: null, results: [tag('a', '2023-11-14T22:13:20Z')] }));
      for (const state of [7, 'x', [], { limitedUntil: 'soon' }, { limitedUntil: 9e15 }] as JsonValue[]) {
        expect(tagsOf(await round(template(stub), { state }))).to.deep.equal(['a']);
      }
    });

    it('throws an abort on: it is no failure of Docker Hub', async () => {
      const stub = await start(BROKEN['black hole']);
      const settings = { namespace: 'acme', name: 'node', urlTemplate: template(stub) };
      const signal = AbortSignal.abort(new Error('stop'));
      const thrown = await playRound(defaultMonitor, { settings, monitor: REPO, signal }).catch(String);
      expect(thrown).to.equal('Error: stop');
    });
  });
});
