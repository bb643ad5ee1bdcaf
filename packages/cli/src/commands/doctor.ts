/**
 * `vedette doctor [FILE]`: whether Vedette could work here, and what to do where it could not. Promise: it changes
 * nothing, starts no monitor, and ends within its deadlines whatever it meets.
 */
import { readFileSync } from 'node:fs';
import type { MonitorSpec } from '@vedette/contract';
import { readConfigFile } from '../config-file.js';
import { checkBroker } from '../doctor/broker.js';
import {
  countsOf,
  failed,
  findingLines,
  findingsJson,
  ok,
  skipped,
  type Finding,
} from '../doctor/findings.js';
import { checkListen } from '../doctor/listen.js';
import { judgeMachine, readMachine } from '../doctor/machine.js';
import { askSources, judgeClock, judgeSources, sourcesOf } from '../doctor/sources.js';
import { checkOrphans, checkStateFolder } from '../doctor/state-folder.js';
import { brokerFrom } from '../environment.js';
import { EXIT } from '../exit-codes.js';
import { createRegistry } from '../registry.js';

export interface DoctorOptions {
  readonly broker?: string;
  readonly state?: string;
  readonly listen?: string;
  readonly strategy?: readonly string[];
  readonly json?: boolean;
}

const BROKER_MS = 15_000;
const LISTEN_MS = 2_000;
const SOURCES = { eachMs: 5_000, allMs: 60_000 };
const MOST_PROBLEMS = 50;

/** Exit status: 0 nothing failed, 1 something did. */
export async function doctor(file: string | null, options: DoctorOptions): Promise<number> {
  const env = process.env;
  const broker =
    options.broker ?? brokerFrom(env) ?? (file === null ? 'amqp://guest:guest@127.0.0.1:5672' : 'embedded');
  const state = options.state ?? env['VEDETTE_STATE'];
  const listen = options.listen ?? (env['VEDETTE_LISTEN'] || '127.0.0.1:9464');
  const config = await configOf(file, options.strategy);
  const asking = askSources(sourcesOf(config.specs), SOURCES);
  const groups = await Promise.all([
    checkBroker(broker, BROKER_MS),
    // A file names its monitors itself and keeps nothing beside it.
    file !== null && state === undefined
      ? [skipped('state folder', 'a file needs none')]
      : checkStateFolder(state ?? '.vedette', Date.now()),
    checkOrphans(),
    asking.then((all) => (file === null ? [skipped('sources', 'no FILE was given')] : judgeSources(all))),
    asking.then((all) => [judgeClock(all)]),
    checkListen(listen, LISTEN_MS).then((one) => [one]),
  ]);
  const findings = [...judgeMachine(readMachine(wantedNode())), ...config.findings, ...groups.flat()];
  const text = options.json === true ? findingsJson(findings) : findingLines(findings).join('\n');
  process.stdout.write(`${text}\n`);
  return countsOf(findings).failed === 0 ? EXIT.ok : EXIT.failure;
}

async function configOf(
  file: string | null,
  modules: readonly string[] | undefined,
): Promise<{ readonly specs: readonly MonitorSpec[]; readonly findings: readonly Finding[] }> {
  if (file === null) return { specs: [], findings: [] };
  const { specs, problems } = await readConfigFile(file, await createRegistry(process.env, modules));
  if (problems.length === 0) return { specs, findings: [ok('config', `${file}: ${specs.length} monitors`)] };
  const findings = problems
    .slice(0, MOST_PROBLEMS)
    .map(({ line, code, configId, reason, remedy }) =>
      failed(
        'config',
        `${file}:${line ?? 1} ${configId === null ? '' : `${configId}: `}${reason}`,
        code,
        remedy,
      ),
    );
  return { specs, findings };
}

function wantedNode(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly engines: { readonly node: string } }).engines.node;
}
