/** `vedette check FILE`: all problems at once; status 2 if there are any. */
import { problemLines, readConfigFile } from '../config-file.js';
import { EXIT } from '../exit-codes.js';
import { createRegistry } from '../registry.js';

export async function check(path: string, isJson: boolean, modules?: readonly string[]): Promise<number> {
  const { problems, specs } = await readConfigFile(path, await createRegistry(process.env, modules));
  if (isJson) {
    process.stdout.write(`${JSON.stringify(problems, null, 2)}\n`);
  } else if (problems.length > 0) {
    const noun = problems.length === 1 ? 'problem' : 'problems';
    process.stderr.write(`${problemLines(path, problems).join('\n')}\n${problems.length} ${noun}\n`);
  } else {
    const ids = specs.map(({ kind, origin, name }) => `  ${origin.configId}  ${kind}  ${name}`);
    process.stdout.write(`${path} is good: ${specs.length} monitorables\n${ids.join('\n')}\n`);
  }
  return problems.length > 0 ? EXIT.usage : EXIT.ok;
}
