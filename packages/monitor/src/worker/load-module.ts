/** Loads a monitor module by its address. A module that cannot serve is refused, never half used. */
import { fileURLToPath } from 'node:url';
import { VedetteError } from '@vedette/contract';
import { isMonitorDefinition, type MonitorDefinition } from '../define-monitor.js';

/** `address` is a file: URL. Rejects with MONITOR_MODULE_UNLOADABLE or MONITOR_MODULE_INVALID. */
export async function loadModule(address: string): Promise<MonitorDefinition> {
  const details = { module: address };
  let exported: unknown;
  try {
    exported = isCommonJs(address) ? requireFile(address) : await import(address);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message.split('\n')[0] : 'it threw no error';
    throw new VedetteError('MONITOR_MODULE_UNLOADABLE', `the monitor module cannot be loaded: ${text}`, {
      details,
      cause,
    });
  }
  // A bundled default export arrives as `.default`, imported CommonJS as `.default.default`.
  for (let depth = 0; depth < 3; depth += 1) {
    if (isMonitorDefinition(exported) && typeof exported.round === 'function') return exported;
    exported = (exported as { default?: unknown } | null | undefined)?.default;
  }
  throw new VedetteError(
    'MONITOR_MODULE_INVALID',
    'the module exports no monitor: export `defineMonitor({ round })` as default',
    { details },
  );
}

function isCommonJs(address: string): boolean {
  return address.startsWith('file:') && new URL(address).pathname.endsWith('.cjs');
}

/** The ES module loader costs a thread memory; a bundled module does not need it. */
function requireFile(address: string): unknown {
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(address)(fileURLToPath(address));
}
