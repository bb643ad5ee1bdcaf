/**
 * One scrape of a Prometheus page and PANIC's way of reading it (panic-monitors-contract 2.3).
 * Promise: what a page does not hold as required is a coded error that names metric and endpoint.
 */
import { maskUrl, VedetteError } from '@vedette/contract';
import { httpRequest } from './http.js';
import { parsePrometheusText, type ParsedMetrics, type Sample } from './prometheus-text.js';

/** A metrics page and what of it is wanted. */
export interface MetricsRequest {
  readonly url: string;
  /** Names after counter renaming; all others are skipped unread. */
  readonly wanted: ReadonlySet<string>;
  readonly isTlsVerified: boolean;
  /** From the call to the last byte. Default 10,000. */
  readonly timeoutMs?: number;
  /** Reuse the connection for the next round. Default true. */
  readonly isKeptAlive?: boolean;
  readonly signal?: AbortSignal;
}

/** The metrics one page held, and where it came from. */
export interface MetricsPage {
  readonly url: string;
  readonly metrics: ParsedMetrics;
}

/** Real pages are below 1 MiB; a worker's small heap must survive the largest page it lets in. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/**
 * Any status is read, as PANIC does: some exporters answer 500 with metrics. Rejects with the codes of
 * {@link httpRequest}, and with SOURCE_BAD_BODY when the page holds no sample but other text.
 */
export async function fetchMetrics(request: MetricsRequest): Promise<MetricsPage> {
  const { url, wanted, ...http } = request;
  const response = await httpRequest({ ...http, url, maxBytes: MAX_PAGE_BYTES });
  const metrics = parsePrometheusText(response.body.toString('utf8'), wanted);
  if (metrics.sampleLines === 0 && (metrics.badLines > 0 || response.status >= 400)) {
    throw new VedetteError(
      'SOURCE_BAD_BODY',
      `${maskUrl(url)} did not answer with metrics (HTTP ${String(response.status)})`,
      { details: { url: maskUrl(url), status: response.status } },
    );
  }
  return { url, metrics };
}

/** The sum of a metric's unlabelled samples; null if there are none. Throws for a mixed metric. */
export function plainValue(page: MetricsPage, name: string): number | null {
  let sum: number | null = null;
  for (const sample of samplesOf(page, name)) {
    if (!isLabelled(sample)) sum = (sum ?? 0) + sample.value;
  }
  return sum;
}

/**
 * A metric's labelled samples in document order; a repeated label set keeps its place, the last value
 * wins. Throws for a mixed metric.
 */
export function labelledSamples(page: MetricsPage, name: string): readonly Sample[] {
  const bySet = new Map<string, Sample>();
  for (const sample of samplesOf(page, name)) {
    if (isLabelled(sample)) bySet.set(JSON.stringify(sample.labels), sample);
  }
  return [...bySet.values()];
}

/** As {@link plainValue}; throws SOURCE_METRIC_MISSING when absent, labelled only or not finite. */
export function requirePlain(page: MetricsPage, name: string): number {
  const value = plainValue(page, name);
  if (value === null) {
    const isPresent = page.metrics.samples.has(name);
    throw metricProblem(page, name, isPresent ? 'carries labels, which it should not' : 'was not found');
  }
  return requireFinite(page, name, value);
}

/** As {@link labelledSamples}, never empty; throws SOURCE_METRIC_MISSING when absent or unlabelled. */
export function requireLabelled(page: MetricsPage, name: string): readonly [Sample, ...Sample[]] {
  const [first, ...rest] = labelledSamples(page, name);
  if (first === undefined) {
    const isPresent = page.metrics.samples.has(name);
    throw metricProblem(page, name, isPresent ? 'carries no labels, which it should' : 'was not found');
  }
  return [first, ...rest];
}

/** SOURCE_METRIC_MISSING: `Metric <name> <problem> at <endpoint>`. */
export function metricProblem(page: MetricsPage, name: string, problem: string): VedetteError {
  const url = maskUrl(page.url);
  return new VedetteError('SOURCE_METRIC_MISSING', `Metric ${name} ${problem} at ${url}`, {
    details: { metric: name, url },
  });
}

/** The value; throws SOURCE_METRIC_MISSING for NaN and infinities, which no consumer can use. */
export function requireFinite(page: MetricsPage, name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw metricProblem(page, name, 'is not a finite number');
}

/** Throws SOURCE_METRIC_MISSING for a name that stands both with and without labels. */
function samplesOf(page: MetricsPage, name: string): readonly Sample[] {
  const samples = page.metrics.samples.get(name) ?? [];
  const labelledCount = samples.filter(isLabelled).length;
  if (labelledCount > 0 && labelledCount < samples.length) {
    throw metricProblem(page, name, 'stands both with and without labels');
  }
  return samples;
}

function isLabelled(sample: Sample): boolean {
  return Object.keys(sample.labels).length > 0;
}
