/** Reads and checks a config file for a command; problems become one readable report. */
import { readFile } from 'node:fs/promises';
import { parseConfigFile, type FileConfig, type FileProblem, type StrategyRegistry } from '@vedette/manager';
import { CommandFailure, EXIT } from './exit-codes.js';

export async function readConfigFile(path: string, registry: StrategyRegistry): Promise<FileConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new CommandFailure(
      EXIT.usage,
      `${path}: ${why}`,
      'Give the path of a YAML or JSON file of monitorables',
    );
  }
  return parseConfigFile(text, registry);
}

/** As above, but any problem ends the command with status 2. */
export async function readGoodConfigFile(path: string, registry: StrategyRegistry): Promise<FileConfig> {
  const config = await readConfigFile(path, registry);
  if (config.problems.length > 0) {
    throw new CommandFailure(
      EXIT.usage,
      `${path} is not usable\n${problemLines(path, config.problems).join('\n')}`,
    );
  }
  return config;
}

/** `file:12:5 CODE id: reason (remedy)`, which editors can jump to. */
export function problemLines(path: string, problems: readonly FileProblem[]): string[] {
  return problems.map(({ line, column, code, configId, reason, remedy }) => {
    const place = line === null ? path : `${path}:${line}:${column ?? 1}`;
    const who = configId === null ? '' : ` ${configId}:`;
    return `${place} ${code}${who} ${reason}\n    ${remedy}`;
  });
}
