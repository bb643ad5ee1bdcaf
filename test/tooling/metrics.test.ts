/** docs/metrics.md is what the operator's server measures. */
import { metricDocs } from '@vedette/operator/docs';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsDocument } from '../../.ci/metrics-doc.mjs';
import { ROOT } from '../support/root.js';

describe('docs/metrics.md', () => {
  it('is what `node .ci/metrics-doc.mjs` writes now', () => {
    expect(readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8')).to.equal(metricsDocument(metricDocs()));
  });

  it('names metrics as Prometheus wants them', () => {
    const { manager, monitors } = metricDocs();
    for (const { name, type, help } of [...manager, ...monitors]) {
      expect(name).to.match(/^(vedette|process|nodejs)(_[a-z0-9]+)+$/);
      expect(name.endsWith('_total'), name).to.equal(type === 'counter');
      expect(help, name).to.match(/^[^\n]{5,120}[^.\n]$/);
    }
  });
});
