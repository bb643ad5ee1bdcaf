/** Prometheus' text format 0.0.4. Pure. Promise: whatever a name holds, a line stays one line and one series. */
import { createHash } from 'node:crypto';
import { printable } from '@vedette/contract';

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Of a label's value: longer ones are shortened and told apart by a hash. */
const MAX_LABEL = 200;

export function header(name: string, type: 'gauge' | 'counter', help: string): string {
  const text = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n`;
}

/** `monitor="evm-node:a",name="geth"`. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(shortened(value))}"`)
    .join(',');
}

/** `Infinity` and `NaN` as Prometheus writes them. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** Two values that differ still differ afterwards. */
function shortened(value: string): string {
  const clean = printable(value);
  if (clean === value && value.length <= MAX_LABEL) return value;
  return `${clean.slice(0, MAX_LABEL)}~${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
