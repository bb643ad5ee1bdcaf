/** `vedette import PATH`: what Vedette would run of PANIC's configuration; writes or applies it only if told to. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { JsonObject } from '@vedette/contract';
import type { StrategyRegistry } from '@vedette/manager';
import { stringify } from 'yaml';
import { brokerFrom } from '../environment.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { readMongoExport } from '../import/mongo-export.js';
import { readPanicFolder } from '../import/panic-folder.js';
import { nativeEntry, planImport, type ImportPlan } from '../import/plan.js';
import { importJson, importText, problemLines } from '../import/report.js';
import type { ImportProblem, ImportSource } from '../import/source.js';
import { publishMessages } from '../publish-messages.js';
import { createRegistry } from '../registry.js';

/** A whole collection; PANIC's own messages are limited one by one. */
const MAX_EXPORT_BYTES = 256 * 1024 * 1024;

export interface ImportOptions {
  readonly write?: string;
  readonly apply?: boolean;
  readonly broker?: string;
  readonly json?: boolean;
  readonly strategy?: string[];
}

export async function importPanic(path: string, options: ImportOptions): Promise<number> {
  const url = options.broker ?? brokerFrom(process.env);
  if (options.apply === true && url === null) {
    throw new CommandFailure(EXIT.usage, '--apply needs a broker', 'Give --broker amqp://host');
  }
  if (options.apply !== true && options.broker !== undefined) {
    throw new CommandFailure(EXIT.usage, '--broker is for --apply only', 'Give both, or neither');
  }
  const registry = await createRegistry(process.env, options.strategy, { isOwnOnly: true });
  const source = await readSource(path);
  if (source.messages.length === 0 && source.problems.length === 0 && source.passedOver.length === 0) {
    throw new CommandFailure(
      EXIT.usage,
      `${path} holds no configuration of PANIC`,
      'Give its `config` folder of INI files, or an export of its `configs` collection',
    );
  }
  const plan = planImport(source, registry);
  const say = (line: string): void => {
    // With --json stdout is the report alone.
    (options.json === true ? process.stderr : process.stdout).write(`${line}\n`);
  };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(importJson(source, plan), null, 2)}\n`
      : importText(source, plan),
  );
  let isComplete = plan.refusals.length === 0;
  if (options.write !== undefined) {
    isComplete = (await write(options.write, path, plan, registry, say)) && isComplete;
  }
  if (options.apply === true && url !== null) {
    const messages = source.messages.map(({ routingKey, body }) => ({
      routingKey,
      content: JSON.stringify(body),
      what: `${Object.keys(body).filter((configId) => configId !== 'DEFAULT').length} entries`,
    }));
    await publishMessages('import', url, messages, ({ routingKey, what }) => {
      say(`published ${routingKey}: ${what}`);
    });
  }
  if (options.write === undefined && options.apply !== true && options.json !== true) {
    say('\nThis was a dry run. --write FILE writes a Vedette file, --apply publishes to RabbitMQ.');
  }
  return isComplete ? EXIT.ok : EXIT.failure;
}

async function readSource(path: string): Promise<ImportSource> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return await readPanicFolder(path);
    if (found.size <= MAX_EXPORT_BYTES) return readMongoExport(await readFile(path, 'utf8'), path);
  } catch (error) {
    const system = (error as NodeJS.ErrnoException).code;
    if (system === undefined) throw error;
    const why = system === 'ENOENT' ? 'there is no such file or folder' : system;
    throw new CommandFailure(EXIT.usage, `${path}: ${why}`);
  }
  throw new CommandFailure(EXIT.usage, `${path} is larger than ${MAX_EXPORT_BYTES} bytes`);
}

/** False if something that would run cannot be said in that form. */
async function write(
  target: string,
  from: string,
  plan: ImportPlan,
  registry: StrategyRegistry,
  say: (line: string) => void,
): Promise<boolean> {
  const entries: JsonObject[] = [];
  const problems: ImportProblem[] = [];
  for (const monitor of plan.monitors) {
    const strategy = registry.get(monitor.spec.kind);
    if (strategy === undefined) continue;
    const native = nativeEntry(monitor, strategy);
    if ('entry' in native) entries.push(native.entry);
    else problems.push(native.problem);
  }
  const text = `# Made by \`vedette import\` from ${JSON.stringify(from)}\n${stringify({ monitors: entries })}`;
  try {
    // URLs may hold keys: for the owner's eyes, as everything that Vedette stores.
    await writeFile(target, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const system = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const why = system === 'EEXIST' ? 'it exists already' : system;
    throw new CommandFailure(EXIT.usage, `${target} was not written: ${why}`, 'Name another file');
  }
  say(`\nwrote ${target}: ${entries.length} monitors`);
  if (problems.length > 0) {
    say(`${problems.length} left out: a Vedette file is stricter than PANIC`);
    for (const line of problemLines(problems)) say(line);
  }
  return problems.length === 0;
}
