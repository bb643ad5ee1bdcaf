/**
 * Runs the steps of the Dockerfile without Docker: each stage is a folder, and paths of the image are paths in it.
 * Promise: what COPY names is there and gets past .dockerignore, each RUN is run as it stands, and what comes out is
 * the folder of the last stage with the commands the image would start. It says nothing about the base image.
 *
 *   node .ci/image-steps.mjs FOLDER    everything, from an empty FOLDER: installs and builds anew (minutes)
 *
 * Exit codes: 0 all steps done and the command answers `--version`, 1 not.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';
import { runStep } from './steps.mjs';

const LAST = 'last';
const STEP_DEADLINE_MS = 15 * 60_000;

/** Instructions in order: `{ word, text }`, comments and line ends gone. */
export function instructionsOf(dockerfile) {
  return dockerfile
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^(\w+)\s+(.*)$/.exec(line))
    .map(([, word, text]) => ({ word: word.toUpperCase(), text }));
}

/**
 * Rejects where a step fails. `folder`: of the stages. With `inWorkspace` the first stage is this workspace as it is,
 * which spares installing and building anew. Gives `{ root, env, command, entrypoint, health }`, programs as lists.
 */
export async function runImage({ folder, inWorkspace = false, say = () => undefined }) {
  const stages = new Map();
  const image = { env: {}, entrypoint: [], command: [], health: [] };
  let stage = { root: '', cwd: '' };
  const inImage = (path) => (path.startsWith('/') ? join(stage.root, path) : resolve(stage.cwd, path));
  // A word that begins with a slash is a path of the image.
  const placed = (text) => text.replaceAll(/(?<=^|\s)\/(?=\w)/g, `${stage.root}/`);
  for (const { word, text } of instructionsOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))) {
    if (word === 'FROM') {
      const name = /\bAS\s+(\S+)/i.exec(text)?.[1] ?? LAST;
      const root = join(folder, name);
      mkdirSync(root, { recursive: true });
      stage = { root, cwd: root, isWorkspace: inWorkspace && stages.size === 0 };
      stages.set(name, stage);
    } else if (word === 'WORKDIR') {
      stage.cwd = stage.isWorkspace ? ROOT : inImage(text);
      mkdirSync(stage.cwd, { recursive: true });
    } else if (word === 'COPY') {
      copy(text, stage, stages, inImage);
    } else if (word === 'RUN') {
      say(`RUN ${text}`);
      const args = ['-ec', placed(text)];
      const step = { title: text, command: 'sh', args, cwd: stage.cwd, deadlineMs: STEP_DEADLINE_MS, say };
      // A parent such as /var is there in the base image.
      mkdirSync(join(stage.root, 'var/lib'), { recursive: true });
      if (!(await runStep(step)).isOk) throw new Error(`RUN ${text} failed`);
    } else if (word === 'ENV') {
      for (const [, name, value] of text.matchAll(/(\w+)=(\S+)/g)) image.env[name] = value;
    } else if (word === 'HEALTHCHECK') {
      image.health = JSON.parse(text.slice(text.indexOf('[')));
    } else if (word === 'ENTRYPOINT') {
      image.entrypoint = JSON.parse(text).map(placed);
    } else if (word === 'CMD') {
      image.command = JSON.parse(text);
    }
  }
  return { ...image, root: stage.root };
}

function copy(text, stage, stages, inImage) {
  const words = text.split(/\s+/);
  const from = words[0].startsWith('--from=') ? words.shift().slice('--from='.length) : null;
  const target = words.pop();
  const isInto = target.endsWith('/') || words.length > 1;
  for (const word of words) {
    const source = from === null ? join(ROOT, word) : join(stages.get(from).root, word);
    if (!existsSync(source)) throw new Error(`COPY ${text}: there is no ${word}`);
    const ignored = from === null ? ignoreRules() : null;
    if (ignored?.isLeftOut(word)) throw new Error(`COPY ${text}: .dockerignore leaves ${word} out`);
    if (stage.isWorkspace) continue;
    const to = isInto ? join(inImage(target), basename(word)) : inImage(target);
    const filter = (path) => !(ignored?.isSkipped(basename(path)) ?? false);
    cpSync(source, to, { recursive: true, verbatimSymlinks: true, filter });
  }
}

/** The two forms our .dockerignore has: `!path` after `*`, and `**` before a name. */
function ignoreRules() {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const names = lines.filter((line) => line.startsWith('**/')).map((line) => line.slice(3));
  return {
    isLeftOut: (path) => !kept.includes(path.replace(/^\.\//, '')),
    isSkipped: (name) =>
      names.some((one) => (one.startsWith('*') ? name.endsWith(one.slice(1)) : name === one)),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write('usage: node .ci/image-steps.mjs FOLDER\n');
    process.exitCode = 1;
  } else {
    const say = (line) => void process.stdout.write(`${line}\n`);
    const { entrypoint } = await runImage({ folder: resolve(folder), say });
    const [program, ...args] = entrypoint;
    const { status, stdout } = spawnSync(program, [...args, '--version'], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    say(`--version: ${stdout.trim()} (exit ${status})`);
    process.exitCode = status === 0 ? 0 : 1;
  }
}
