/**
 * Writes docs/metrics.md from what the operator's server measures; with --check only compares. Promise: every
 * metric on the page is one of the code, and the other way round.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

const PATH = join(ROOT, 'docs', 'metrics.md');

/** The page's text. */
export function metricsDocument({ manager, monitors }) {
  return `# Metrics

What \`GET /metrics\` of \`vedette run\` shows, in Prometheus' text format 0.0.4. Made by \`node .ci/metrics-doc.mjs\`; a test
keeps the two in step. All units are base units: seconds, bytes.

## How many series there are

| series | number |
| --- | --- |
| of each monitor | ${monitors.length}, and one for each fact of its last round: 3 to 18 of the built-in kinds, 100 at most |
| of each kind | 2 histograms and 5 counters, each by causes and outcomes of fixed lists; \`vedette_monitors\` by state and health |
| of the manager | about 60, whatever it runs |

A monitor's series are told apart by \`monitor\` (its id), \`name\` and \`chain\`. They go with the monitor. Facts go earlier:
with a round that does not observe them, when the monitor is stopped, paused or failed, and when its last round is older than
three periods and its longest round. A kind has a hundred facts at most; what is above, or badly named, is counted in
\`vedette_facts_left_out\`. Label values above 200 characters are shortened and get a hash. 1,000 monitors of 20 facts make
30,000 series, a page of 3 MB.

## Of each monitor

${table(monitors)}

Facts are gauges named \`vedette_KIND_FACT\`; [kinds.md](kinds.md) lists them by kind.

## Of the manager

${table(manager)}
`;
}

function table(metrics) {
  const rows = metrics.map(({ name, type, labels, help }) => {
    const by = labels.length === 0 ? '' : ` By ${labels.map((label) => `\`${label}\``).join(', ')}.`;
    return `| \`${name}\` | ${type} | ${help.replaceAll('|', '\\|')}.${by} |`;
  });
  return ['| metric | type | what it says |', '| --- | --- | --- |', ...rows].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { metricDocs } = await import('@vedette/operator/docs');
  const text = metricsDocument(metricDocs());
  if (!process.argv.includes('--check')) {
    writeFileSync(PATH, text);
  } else if (readFileSync(PATH, 'utf8') !== text) {
    process.stderr.write('docs/metrics.md is out of date: run `npm run build && node .ci/metrics-doc.mjs`\n');
    process.exitCode = 1;
  }
}
