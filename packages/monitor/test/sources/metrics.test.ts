/** PANIC's reading of metrics, and one scrape of a page. */
import { isVedetteError, type ErrorCode } from '@vedette/contract';
import { expect } from 'chai';
import { closeHttp } from '../../src/sources/http.js';
import {
  fetchMetrics,
  labelledSamples,
  plainValue,
  requireLabelled,
  requirePlain,
  type MetricsPage,
} from '../../src/sources/metrics.js';
import { parsePrometheusText } from '../../src/sources/prometheus-text.js';
import { closeAll, httpServer } from '../support/servers.js';

function page(text: string): MetricsPage {
  return { url: 'http://u:hunter2@host/metrics', metrics: parsePrometheusText(text) };
}

function refused(action: () => unknown, code: ErrorCode): string {
  try {
    action();
  } catch (error) {
    if (!isVedetteError(error, code)) throw error;
    expect(error.message).to.not.include('hunter2');
    return error.message;
  }
  return expect.fail('it was accepted');
}

describe('metrics of a page', () => {
  it('an unlabelled metric that is repeated is added up', () => {
    expect(plainValue(page('a 1\na 2.5'), 'a')).to.equal(3.5);
    expect(plainValue(page('b 1'), 'a')).to.equal(null);
  });

  it('a repeated label set takes the later value at its old place; the order of labels tells sets apart', () => {
    const text = 'a{x="1",y="2"} 1\na{z="3"} 2\na{x="1",y="2"} 3\na{y="2",x="1"} 4';
    expect(labelledSamples(page(text), 'a').map(({ value }) => value)).to.deep.equal([3, 2, 4]);
    expect(labelledSamples(page(text), 'b')).to.deep.equal([]);
  });

  const wrong: [what: string, text: string, read: (of: MetricsPage) => unknown, words: RegExp][] = [
    ['absent', 'b 1', (of) => requirePlain(of, 'a'), /^Metric a was not found at /],
    ['absent, labels expected', 'b 1', (of) => requireLabelled(of, 'a'), /^Metric a was not found at /],
    ['labelled where it should not be', 'a{b="c"} 1', (of) => requirePlain(of, 'a'), /carries labels/],
    ['unlabelled where it should not be', 'a 1', (of) => requireLabelled(of, 'a'), /carries no labels/],
    ['not a number', 'a NaN', (of) => requirePlain(of, 'a'), /not a finite number/],
    ['of both forms', 'a 1\na{b="c"} 1', (of) => plainValue(of, 'a'), /both with and without labels/],
    ['of both forms, labels expected', 'a{b="c"} 1\na 1', (of) => labelledSamples(of, 'a'), /both with and/],
  ];
  for (const [what, text, read, words] of wrong) {
    it(`a metric that is ${what} is an error that names it and the endpoint`, () => {
      expect(refused(() => read(page(text)), 'SOURCE_METRIC_MISSING')).to.match(words);
    });
  }
});

describe('fetchMetrics', () => {
  afterEach(async () => {
    closeHttp();
    await closeAll();
  });

  const ask = (url: string): Promise<MetricsPage> =>
    fetchMetrics({ url, wanted: new Set(['a_total']), isTlsVerified: false });
  const answer = (status: number, text: string): Promise<string> =>
    httpServer((_request, response) => {
      response.writeHead(status).end(text);
    });

  it('reads the wanted metrics whatever the status', async () => {
    const url = await answer(500, '# TYPE a counter\na 1\nb 2');
    const { metrics } = await ask(url);
    expect([...metrics.samples]).to.deep.equal([['a_total', [{ labels: {}, value: 1 }]]]);
  });

  it('takes an empty page for one without metrics', async () => {
    expect((await ask(await answer(200, ''))).metrics.samples.size).to.equal(0);
  });

  for (const [status, text] of [
    [200, '<html>\n<b>hi</b>'],
    [404, '404 page not found\n'],
    [503, ''],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} with status ${status}`, async () => {
      const error: unknown = await ask(await answer(status, text)).catch((reason: unknown) => reason);
      expect(isVedetteError(error, 'SOURCE_BAD_BODY')).to.equal(true);
    });
  }
});
