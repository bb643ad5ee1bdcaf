/** Types of what tests import. */
import type { SettingRow } from '@vedette/cli/kinds';
import type { MonitorStrategy } from '@vedette/contract/strategy';

export function kindsDocument(
  strategies: readonly MonitorStrategy[],
  rowsOf: (strategy: MonitorStrategy) => readonly SettingRow[],
  gaugeName: (kind: string, fact: string) => string,
): string;
