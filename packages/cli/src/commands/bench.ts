/** `vedette bench [FILE]`: what each host takes on this machine with these monitors, and which to use. */
import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, freemem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseBrokerUrl } from '@vedette/broker';
import type { MonitorSpec } from '@vedette/contract';
import type { StrategyRegistry } from '@vedette/manager';
import { adviseOn } from '../bench/advice.js';
import type { ChildAnswer, ChildRequest, ChildWord } from '../bench/child.js';
import { capacityOf, type HostFigures, type HostProblem, type Machine } from '../bench/figures.js';
import { serveLocalPage } from '../bench/local-page.js';
import { LEAST, meanPeriodMs, measuredSpecs } from '../bench/specs.js';
import { renderFigures } from '../bench/table.js';
import { readGoodConfigFile } from '../config-file.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { HOST_WORDS, type HostWord } from '../host-words.js';
import { createRegistry } from '../registry.js';
import { onStopSignals } from '../signals.js';

export interface BenchOptions {
  readonly broker?: string;
  readonly host?: readonly HostWord[];
  /** Milliseconds for all hosts together. */
  readonly time: number;
  readonly strategy?: string[];
  readonly json?: boolean;
}

/** What a child may take beyond its share: it stops its workers then. */
const GRACE_MS = 2_000;
const SIGNAL_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
const CHILD = fileURLToPath(new URL('../bench/child.js', import.meta.url));

export async function bench(file: string | null, options: BenchOptions): Promise<number> {
  const { broker = 'embedded', host: words = HOST_WORDS, time } = options;
  if (!isLinux()) {
    throw new CommandFailure(
      EXIT.usage,
      'vedette bench reads the memory of processes from /proc: Linux only',
    );
  }
  // Before anything is started: a URL that is none is the caller's to correct.
  parseBrokerUrl(broker);
  const registry = await createRegistry(process.env, options.strategy);
  const page = file === null ? await serveLocalPage() : null;
  const own =
    file === null ? localSpecs(registry, page?.url ?? '') : (await readGoodConfigFile(file, registry)).specs;
  if (own.length === 0) throw new CommandFailure(EXIT.usage, `${file ?? ''} names no monitorable`);
  const specs = measuredSpecs(own, broker === 'embedded');
  const progress = stderrProgress();
  const children = new Set<ChildProcess>();
  let signal: keyof typeof SIGNAL_STATUS | null = null;
  const end = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  const offSignals = onStopSignals((name) => {
    signal = name as keyof typeof SIGNAL_STATUS;
    end();
  }, end);
  const figures: HostFigures[] = [];
  const problems: HostProblem[] = [];
  const endsAt = performance.now() + time;
  try {
    for (const [index, host] of words.entries()) {
      const budgetMs = (endsAt - performance.now()) / (words.length - index) - GRACE_MS;
      const request: ChildRequest = { host, broker, specs, budgetMs };
      const word = await measure(request, children, (text) => {
        progress.say(`${host}: ${text}`);
      });
      if (signal !== null) break;
      if (word.type === 'figures') figures.push(word.figures);
      else problems.push({ host, problem: word.problem });
    }
  } finally {
    progress.clear();
    offSignals();
    page?.close();
  }
  if (signal !== null) {
    process.stderr.write('vedette: the bench was stopped before its end\n');
    return SIGNAL_STATUS[signal];
  }
  const measured = {
    figures,
    problems,
    machine: machineNow(),
    wanted: file === null ? null : own.length,
    periodMs: meanPeriodMs(own),
  };
  const advice = adviseOn(measured);
  const { machine, periodMs, wanted } = measured;
  const hosts = figures.map((one) => ({ ...one, capacity: capacityOf(one, machine, periodMs) }));
  if (options.json === true) {
    const report = { machine, broker: kindOf(broker), wanted, periodMs, hosts, problems, advice };
    process.stdout.write(`${JSON.stringify(report, rounded, 2)}\n`);
  } else {
    const what =
      file === null ? `${own.length} monitors of kind system` : `${own.length} monitors of ${file}`;
    const lines = [`${what}, ${specs.length} measured on each host`, ...renderFigures(hosts, problems)];
    process.stdout.write(`${[...lines, '', advice.text].join('\n')}\n`);
  }
  return figures.length === 0 ? EXIT.failure : EXIT.ok;
}

/** Resolves when the child is gone, always with a word. */
function measure(
  request: ChildRequest,
  children: Set<ChildProcess>,
  progress: (text: string) => void,
): Promise<ChildAnswer> {
  const child = fork(CHILD, [], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.add(child);
  let last: ChildAnswer | null = null;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-2_000)));
  child.on('message', (word: ChildWord) => {
    if (word.type === 'progress') progress(word.text);
    else last = word;
  });
  child.send(request);
  const timer = setTimeout(() => child.kill('SIGKILL'), request.budgetMs + GRACE_MS);
  return new Promise((resolve) => {
    const done = (how: string): void => {
      clearTimeout(timer);
      children.delete(child);
      resolve(last ?? { type: 'problem', problem: how });
    };
    child.once('error', ({ message }) => {
      done(message);
    });
    child.once('close', (code, signal) => {
      const said = stderr.trim().split('\n').at(-1) ?? '';
      done(
        signal === 'SIGKILL'
          ? 'it did not end within its share of --time'
          : `its process ended with ${String(signal ?? code)}${said === '' ? '' : `: ${said}`}`,
      );
    });
  });
}

function localSpecs(registry: StrategyRegistry, url: string): MonitorSpec[] {
  const strategy = registry.get('system');
  return Array.from({ length: LEAST }, (_none, index) => {
    const id = `bench-${index + 1}`;
    const spec = strategy?.declare({
      kind: 'system',
      id,
      name: id,
      chain: 'general',
      baseChain: 'general',
      parentId: 'GENERAL',
      periodMs: null,
      limits: {},
      settings: { exporterUrl: url },
    }).spec;
    if (spec === null || spec === undefined) throw new Error('the kind system does not take a local page');
    return spec;
  });
}

function machineNow(): Machine {
  // Counts what caches would give back, and the limit of a container where there is one.
  const { availableMemory } = process as { availableMemory?: () => number };
  const bytes = availableMemory?.() ?? freemem();
  const maxMappings = Number(readFileSync('/proc/sys/vm/max_map_count', 'utf8'));
  return { cores: cpus().length, availableMb: Math.round(bytes / 1e6), maxMappings };
}

/** Three decimals: more would be noise. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(3)) : value;
}

function isLinux(): boolean {
  return process.platform === 'linux';
}

/** Never the URL: it may hold a password. */
function kindOf(broker: string): 'embedded' | 'amqp' {
  return broker === 'embedded' ? 'embedded' : 'amqp';
}

/** On a terminal one line that changes, elsewhere a line each. */
function stderrProgress(): { say: (text: string) => void; clear: () => void } {
  const { stderr } = process;
  return {
    say(text) {
      stderr.write(stderr.isTTY ? `\r\u001b[2Kbench: ${text} …` : `bench: ${text}\n`);
    },
    clear() {
      if (stderr.isTTY) stderr.write('\r\u001b[2K');
    },
  };
}
