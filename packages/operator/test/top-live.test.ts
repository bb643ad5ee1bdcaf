/** `vedette top` on a terminal, over a real manager whose workers do what the test says. */
import { join } from 'node:path';
import { expect } from 'chai';
import { STRATEGIES } from '@vedette/cli/kinds';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';
import { eventually } from '../../../test/support/eventually.js';
import { ROOT } from '../../../test/support/root.js';
import { startTerminal, type Terminal } from '../../../test/support/terminal.js';
import { runVedette } from '../../../test/support/vedette.js';

const BIN = join(ROOT, 'packages/cli/bin/vedette.js');
const MANY = 5_000;
// eslint-disable-next-line no-control-regex -- what a terminal is told
const COLOURED_ROW = /\u001b\[\d+m[^\u001b]*evm-node/;
const CTRL_C = '\u0003';
const DOWN = '\u001b[B';
/** The screen there was before, with its cursor. */
// eslint-disable-next-line no-control-regex -- what a terminal is told
const RESTORED = /\u001b\[\?25h\u001b\[\?1049l\s*$/;

describe('vedette top', function () {
  this.timeout(90_000);
  let under: TestOperator;
  let url = '';
  let terminal: Terminal | null = null;
  const start = (env: Record<string, string> = {}, at = url): Terminal => {
    terminal = startTerminal([process.execPath, BIN, 'top', '--url', at], { columns: 100, rows: 20, env });
    return terminal;
  };

  before(async () => {
    under = anOperator({}, STRATEGIES);
    url = await under.operator.listen();
    await under.run(
      ...Array.from({ length: MANY }, (_, index) => aSpec(`m${String(index).padStart(4, '0')}`)),
    );
  });
  afterEach(async () => {
    await terminal?.stop();
    terminal = null;
  });
  after(async () => {
    await under.stop();
  });

  it('shows the worst of 5,000 first, follows events, filters, sorts, shows one and restores the screen', async () => {
    const top = start();
    await top.shows(/^5000 monitors: 5000 running; by worst/, 30_000);
    await top.shows(/^> m0000 +evm-node +running/);
    expect(top.screen()).to.have.length(20);

    under.host.round('evm-node:m4321', {
      outcome: 'failed',
      durationMs: 77,
      error: { code: null, name: 'E', message: 'it broke', details: {} },
    });
    top.type('/m43');
    await top.shows(/100 with \/m43_$/);
    top.type('21\r');
    await top.shows(/, 1 with \/m4321$/);
    await top.shows(/^> m4321 .*, 77 ms .* it broke$/);
    top.type('\r');
    await top.shows(/^kind evm-node, chain testnet, every 10 s$/);
    await top.shows(/^ {2}it broke$/);
    top.type('q');
    await top.shows(/^> m4321/);
    top.type('\u001b');
    await top.shows(/^5000 monitors: 5000 running; by worst$/);
    top.type('s');
    await top.shows(/by name$/);
    top.type(DOWN + DOWN);
    await top.shows(/^> m0002/);

    top.resize(60, 12);
    await eventually(() => top.screen().length === 12 && top.screen().every((line) => line.length <= 60), {
      deadlineMs: 10_000,
    });
    await top.shows(/^> m0002/);
    top.type('q');
    expect(await top.ended).to.equal(0);
    expect(top.written()).to.match(RESTORED);
  });

  it('draws a few pictures a second however much happens', async () => {
    const top = start({ NO_COLOR: '1' });
    await top.shows(/^5000 monitors/, 30_000);
    const begun = top.written().length;
    const since = performance.now();
    let told = 0;
    // Hundreds of events a second, most of them not on the screen.
    await eventually(
      () => {
        for (let count = 0; count < 20; count += 1)
          under.host.round(`evm-node:m${String(told++ % MANY).padStart(4, '0')}`);
        return performance.now() - since > 2_000;
      },
      { deadlineMs: 30_000 },
    );
    const seconds = (performance.now() - since) / 1_000;
    // A picture has 2,000 characters here.
    expect((top.written().length - begun) / seconds).to.be.lessThan(6 * 2_500);
    expect(top.written()).to.not.match(COLOURED_ROW);
    top.type(CTRL_C);
    expect(await top.ended).to.equal(0);
    expect(top.written()).to.match(RESTORED);
  });

  it('says that the manager is away, tries again, and restores the screen at SIGTERM', async () => {
    const own = anOperator({}, STRATEGIES);
    const at = await own.operator.listen();
    await own.run(aSpec('only'));
    const top = start({}, at);
    await top.shows(/^> only +evm-node +running/, 30_000);
    await own.stop();
    await top.shows(/no manager answers there; trying again$/);
    process.kill(top.pid() ?? 0, 'SIGTERM');
    expect(await top.ended).to.equal(0);
    expect(top.written()).to.match(RESTORED);
  });

  it('is refused without a terminal, and ends where no manager answers', async () => {
    const { code, stderr } = await runVedette(['top', '--url', url]);
    expect([code, /needs a terminal[^]*`vedette status`/.test(stderr)]).to.deep.equal([2, true]);
    const top = start({}, '127.0.0.1:65533');
    expect(await top.ended).to.equal(1);
    expect(top.written())
      .to.match(/no manager answers there\s+Start `vedette run`/)
      .and.not.include('\u001b[?1049h');
  });
});
