/** What a shell is offered where the cursor is: from definitions of commands like ours. */
import { Argument, Command } from 'commander';
import { expect } from 'chai';
import { complete } from '../src/completion/complete.js';
import { manyOf, oneOf, withHosting } from '../src/options.js';

function aProgram(): Command {
  const program = new Command('vedette').version('1.2.3');
  withHosting(program.command('run'))
    .description('run it')
    .argument('[FILE]')
    .option('--state <DIR>', 'folder')
    .option('--log-level <LEVEL>', 'level', oneOf(['error', 'info']))
    .option('--only <HOST...>', 'some', manyOf(['thread', 'cell']))
    .option('--strategy <MODULE...>', 'modules')
    .option('-f, --follow', 'go on')
    .option('--for <DURATION>', 'time');
  program
    .command('pause')
    .argument('<ID>')
    .option('--url <URL>', 'where')
    .option('--token-file <FILE>', 'token');
  program.command('completion').addArgument(new Argument('<SHELL>').choices(['bash', 'fish']));
  program.command('kinds').argument('[KIND]');
  program.command('__complete', { hidden: true }).argument('[WORDS...]');
  return program;
}

const HOSTS = ['thread', 'cell', 'process', 'dense', 'pool', 'auto'];
const RUN_OPTIONS = [
  '--host',
  '--cell-size',
  '--density',
  '--threads',
  '--max-memory',
  '--max-connections',
  '--state',
  '--log-level',
  '--only',
  '--strategy',
  '--follow',
  '--for',
  '--help',
];
const without = (...left: string[]): string[] => RUN_OPTIONS.filter((one) => !left.includes(one));

describe('completion', () => {
  const cases: readonly [line: string, words: string[] | null, more: string][] = [
    ['', ['run', 'pause', 'completion', 'kinds', 'help'], 'nothing'],
    ['-', ['--version', '--help'], 'nothing'],
    ['help ', ['run', 'pause', 'completion', 'kinds', 'help'], 'nothing'],
    ['help run ', [], 'nothing'],
    ['nonsense ', [], 'nothing'],
    ['run ', [], 'files'],
    ['run monitors.yaml ', [], 'nothing'],
    ['run -', RUN_OPTIONS, 'nothing'],
    ['run --follow -', without('--follow'), 'nothing'],
    ['run -f -', without('--follow'), 'nothing'],
    ['run --host cell -', RUN_OPTIONS, 'nothing'],
    ['run --log-level ', ['error', 'info'], 'nothing'],
    ['run --log-level i', ['error', 'info'], 'nothing'],
    ['run --log-level info ', [], 'files'],
    ['run --log-level=info ', [], 'files'],
    ['run --state ', [], 'dirs'],
    ['run --for ', [], 'nothing'],
    ['run --for -', [], 'nothing'],
    ['run --only thread ', ['thread', 'cell'], 'nothing'],
    ['run --only thread -', RUN_OPTIONS, 'nothing'],
    ['run --strategy a.mjs ', [], 'files'],
    ['run --strategy a.mjs --follow ', [], 'files'],
    ['run --unknown ', [], 'files'],
    ['pause ', [], 'ids'],
    ['pause evm-node:a ', [], 'nothing'],
    ['pause --url 127.0.0.1:1 ', [], 'ids'],
    ['completion ', ['bash', 'fish'], 'nothing'],
    ['kinds ', [], 'kinds'],
    ['--version pause ', [], 'ids'],
  ];
  for (const [line, words, more] of cases) {
    it(`offers what can follow \`vedette ${line}\``, () => {
      const found = complete(aProgram(), line.split(' '));
      expect(found.words.map(({ word }) => word)).to.deep.equal(words);
      expect(found.more).to.equal(more);
    });
  }

  it('offers all hosts', () => {
    expect(complete(aProgram(), ['run', '--host', '']).words.map(({ word }) => word)).to.have.members(HOSTS);
  });

  it('says what each is about, and knows where a manager is to be asked', () => {
    expect(complete(aProgram(), ['']).words[0]).to.deep.equal({ word: 'run', about: 'run it' });
    const { address } = complete(aProgram(), ['pause', '--url', 'h:1', '--token-file', 't', '']);
    expect(address).to.deep.equal({ url: 'h:1', tokenFile: 't' });
  });
});
