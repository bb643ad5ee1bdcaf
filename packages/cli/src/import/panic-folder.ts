/** PANIC's folder of INI files to the messages its file-watching Configs Manager would publish. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CONFIG_LIMITS, describeValue, FAMILIES, isTopicMatch, type JsonObject } from '@vedette/contract';
import { refusal } from '@vedette/contract/strategy';
import { parseIni, type IniFile } from './ini.js';
import type { ImportedMessage, ImportProblem, ImportSource } from './source.js';

/** Keys of other components of PANIC, which no monitors manager consumes. */
const OTHERS = ['channels.*', 'chains.*.*.alerts_config', 'general.alerts_config'];
const MAX_FILES = 10_000;

/** `path`: PANIC's `config` folder, or the one it stands in. */
export async function readPanicFolder(path: string): Promise<ImportSource> {
  const root = (await isFolder(join(path, 'config'))) ? join(path, 'config') : path;
  const messages: ImportedMessage[] = [];
  const problems: ImportProblem[] = [];
  const passedOver: { what: string; why: string }[] = [];
  for (const file of await iniFiles(root)) {
    const words = relative(root, file)
      .replace(/\.ini$/i, '')
      .split(sep);
    const routingKey = words.join('.');
    const failed = (code: ImportProblem['code'], line: number | null, reason: string): void => {
      problems.push({ ...refusal(code, null, null, reason), file, line });
    };
    if (words.some((word) => word.includes('.'))) {
      failed(
        'CONFIG_UNKNOWN_ROUTING_KEY',
        null,
        `${describeValue(words.join('/'))} holds a dot, which splits a routing key`,
      );
      continue;
    }
    if (OTHERS.some((pattern) => isTopicMatch(pattern, routingKey))) {
      passedOver.push({ what: file, why: 'no monitors manager reads it' });
      continue;
    }
    if (!isForManagers(routingKey)) {
      failed('CONFIG_UNKNOWN_ROUTING_KEY', null, `no monitors manager reads ${describeValue(routingKey)}`);
      continue;
    }
    const size = (await stat(file)).size;
    if (size > CONFIG_LIMITS.maxBytes) {
      failed('CONFIG_TOO_LARGE', null, `${size} bytes exceed ${CONFIG_LIMITS.maxBytes}`);
      continue;
    }
    const ini = parseIni(await readFile(file, 'utf8'));
    if (ini.problem === null) messages.push(messageOf(routingKey, file, ini));
    // PANIC does the same: it publishes nothing of such a file.
    else
      failed('CONFIG_FILE_SYNTAX', ini.problem.line, `${ini.problem.reason}; PANIC ignores the whole file`);
  }
  return { form: 'ini folder', messages, problems, passedOver };
}

function messageOf(routingKey: string, file: string, ini: IniFile): ImportedMessage {
  const plain = (fields: IniFile['defaults']): JsonObject =>
    Object.fromEntries([...fields].map(([name, { value }]) => [name, value]));
  const body: JsonObject = {
    DEFAULT: plain(ini.defaults),
    ...Object.fromEntries(ini.sections.map(({ name, fields }) => [name, plain(fields)])),
  };
  return {
    routingKey,
    body,
    file,
    lineOf(configId, field) {
      const section = ini.sections.find(({ name }) => name === configId);
      return section?.fields.get(field ?? '')?.line ?? section?.line ?? null;
    },
  };
}

export function isForManagers(routingKey: string): boolean {
  return Object.values(FAMILIES).some(({ configKeys }) =>
    configKeys.some((pattern) => isTopicMatch(pattern, routingKey)),
  );
}

/** In the order of their paths, so that two runs print the same. */
async function iniFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ini$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .slice(0, MAX_FILES);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
