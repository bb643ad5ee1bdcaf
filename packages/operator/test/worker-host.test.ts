import { expect } from 'chai';
import { residentBytes, workerHost } from '../src/metrics/child-memory.js';

describe('workerHost', () => {
  const cases: readonly [hostId: string, host: string, pid: number | null][] = [
    ['thread:3', 'thread', null],
    ['pool:0', 'pool', null],
    ['dense:12', 'dense', null],
    ['process:4711', 'process', 4711],
    ['process:none', 'process', null],
    ['cell:4711/3', 'cell', 4711],
    ['none', 'none', null],
  ];
  for (const [hostId, host, pid] of cases) {
    it(`${hostId}: ${host}, ${pid ?? 'no process of its own'}`, () => {
      expect(workerHost(hostId)).to.deep.equal({ host, pid });
    });
  }

  it('knows the memory of processes that are there', async () => {
    const bytes = await residentBytes([process.pid, 2 ** 30]);
    if (process.platform === 'linux') expect(bytes.get(process.pid)).to.be.greaterThan(10e6);
    expect(bytes.has(2 ** 30)).to.equal(false);
  });
});
