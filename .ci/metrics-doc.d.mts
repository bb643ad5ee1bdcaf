/** Types of what tests import. */
import type { metricDocs } from '@vedette/operator/docs';

export function metricsDocument(docs: ReturnType<typeof metricDocs>): string;
