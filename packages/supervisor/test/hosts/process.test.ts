import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventually } from '../../../../test/support/eventually.js';
import { messagesIn, Frames } from '../../src/hosts/frames.js';
import { ProcessHost } from '../../src/hosts/process.js';
import { hostContract } from './host-contract.js';

const entry = new URL('../fixtures/worker.mjs', import.meta.url);
const parent = fileURLToPath(new URL('../fixtures/parent.mjs', import.meta.url));

hostContract({
  name: 'process',
  host: () => new ProcessHost({ entry }),
  hostWithoutEntry: () => new ProcessHost({ entry: new URL('../fixtures/not-there.mjs', import.meta.url) }),
});

describe('ProcessHost', () => {
  for (const does of ['runs', 'loops-for-ever', 'waits-for-ever']) {
    it(`has a child that ${does} end with its parent, however that ends`, async () => {
      const process_ = spawn(process.execPath, [parent, does], { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      process_.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      const pid = Number(
        await eventually(() => /^process:(\d+)\n/.exec(said)?.[1], { what: 'the id of the child' }),
      );
      expect(isAlive(pid)).to.equal(true);
      process_.kill('SIGKILL');
      await eventually(() => !isAlive(pid), { what: 'the end of the child' });
    });
  }
});

describe('frames', () => {
  it('give back what was pushed, in order, across growth, and begin anew', () => {
    const frames = new Frames();
    const messages = Array.from({ length: 3_000 }, (_none, index) => ({
      index,
      text: 'x'.repeat(index % 90),
    }));
    for (const message of messages) frames.push(message);
    expect([...messagesIn(frames.take())]).to.deep.equal(messages);
    expect(frames.isEmpty).to.equal(true);
    frames.push('next');
    expect([...messagesIn(frames.take())]).to.deep.equal(['next']);
  });

  it('are empty when nothing was pushed', () => {
    expect([...messagesIn(new Frames().take())]).to.deep.equal([]);
  });
});

/** False also for one that has ended and waits to be collected by init. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
