/** `vedette completion`: the script for bash in a real bash, and those for zsh and fish where these are installed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { ROOT } from '../support/root.js';
import { runVedette, startVedette, type Vedette } from '../support/vedette.js';

const BIN = join(ROOT, 'packages/cli/bin/vedette.js');
const isThere = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Prints what the shell offers for the line in $LINE, one a line. */
const ASK: Readonly<Record<string, readonly string[]>> = {
  bash: [
    'bash',
    '--norc',
    '-c',
    'eval "$(vedette completion bash)"; complete -p vedette >/dev/null || exit 3; COMP_LINE=$LINE; COMP_POINT=${#LINE}; ' +
      'COMP_WORDBREAKS=$\' \\t\\n"\\\'><=;|&(:\'; _vedette; printf "%s\\n" "${COMPREPLY[@]}"',
  ],
  // Its completion needs a terminal; what it would add is caught.
  zsh: [
    'zsh',
    '-f',
    '-c',
    'function compdef { }; function compadd { print -l -- "${@[5,-1]}" }; function _files { print -l -- ${PREFIX}*(N) }; ' +
      'eval "$(vedette completion zsh)"; words=(${(z)LINE}); [[ $LINE == *" " ]] && words+=(""); CURRENT=${#words}; ' +
      'PREFIX=${words[CURRENT]}; _vedette',
  ],
  fish: ['fish', '--no-config', '-c', 'vedette completion fish | source; complete -C "$LINE" | cut -f1'],
};

describe('vedette completion', function () {
  this.timeout(60_000);
  let folder: string;
  let node: JsonRpcNode;
  let manager: Vedette;
  let listen = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-completion-'));
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/vedette'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, {
      mode: 0o755,
    });
    node = await startJsonRpcNode(120);
    const entries = ['geth-1', 'geth-2'].map(
      (id) => `  - { kind: evm-node, id: ${id}, settings: { url: '${node.url}' } }`,
    );
    await writeFile(join(folder, 'monitors.yaml'), `monitors:\n${entries.join('\n')}\n`);
    await mkdir(join(folder, 'states'));
    manager = startVedette(['run', join(folder, 'monitors.yaml'), '--log-format', 'json']);
    await manager.says('Listening for operators');
    listen = /"url":"http:\/\/([^"/]+)/.exec(manager.stderr())?.[1] ?? '';
    await eventually(async () => (await fetch(`http://${listen}/-/ready`)).status === 200, {
      deadlineMs: 20_000,
    });
  });
  after(async () => {
    await manager.stop();
    await node.close();
    await rm(folder, { recursive: true });
  });

  const ask = async (shell: string, line: string, at = listen): Promise<string[]> => {
    const [program = '', ...args] = ASK[shell] ?? [];
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: folder,
      timeout: 20_000,
      env: {
        PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
        HOME: folder,
        LC_ALL: 'C.UTF-8',
        LINE: line,
        VEDETTE_LISTEN: at,
      },
    });
    return stdout.split('\n').filter((word) => word !== '');
  };

  for (const shell of Object.keys(ASK).filter(isThere)) {
    it(`completes commands, options, words, files and ids of monitors in ${shell}`, async () => {
      expect(await ask(shell, 'vedette pu')).to.deep.equal(['publish']);
      expect(await ask(shell, 'vedette run --log-f')).to.deep.equal(['--log-format']);
      expect((await ask(shell, 'vedette run --log-format ')).sort()).to.deep.equal(['json', 'pretty']);
      expect(await ask(shell, 'vedette check mon')).to.deep.equal(['monitors.yaml']);
      expect(await ask(shell, 'vedette kinds substrate-ne')).to.deep.equal(['substrate-network']);
      // bash takes what stands before the last colon for a word of its own.
      const prefix = shell === 'bash' ? '' : 'evm-node:';
      expect((await ask(shell, 'vedette pause evm-node:ge')).sort()).to.deep.equal([
        `${prefix}geth-1`,
        `${prefix}geth-2`,
      ]);
      expect(await ask(shell, 'vedette pause ', '127.0.0.1:1')).to.deep.equal([]);
    });
  }

  it('has a script for each shell and refuses others', async () => {
    expect(isThere('bash')).to.equal(true);
    for (const shell of Object.keys(ASK)) {
      const { code, stdout } = await runVedette(['completion', shell]);
      expect([code, stdout.includes('__complete')]).to.deep.equal([0, true]);
    }
    const other = await runVedette(['completion', 'tcsh']);
    expect([other.code, other.stderr.includes('bash, zsh, fish')]).to.deep.equal([2, true]);
  });
});
