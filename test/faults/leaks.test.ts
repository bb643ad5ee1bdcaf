/** The eight shapes of leaks at once, where the command puts monitors by itself and where each has its process. */
import { expect } from 'chai';
import { leakText } from './campaigns/leaks.js';
import { LEAK_HOSTS, LEAK_SHAPES, runLeak } from './support/leak-run.js';

/** So many commands at a time. */
const BESIDE = 4;

describe('a leak, and six neighbours on the same host', function () {
  this.timeout(180_000);

  for (const [name, limit] of [
    ['cell', 1],
    ['process', 0],
  ] as const) {
    it(`F16 eight shapes of leaks on ${name}: the manager lives, the leaking one runs again, neighbours restart ${limit} times at most`, async () => {
      const host = LEAK_HOSTS.find((one) => one.name === name);
      if (host === undefined) throw new Error(`no host ${name}`);
      const bad: string[] = [];
      const left = [...LEAK_SHAPES];
      const work = async (): Promise<void> => {
        for (let shape = left.shift(); shape !== undefined; shape = left.shift()) {
          const result = await runLeak(host, shape, 'fast');
          const { managerEnd, problem, restarts, neighbourRestarts } = result;
          const isGood = managerEnd === null && problem === null && restarts === 1;
          if (!isGood || neighbourRestarts > limit) bad.push(`${shape}: ${leakText(result)}`);
        }
      };
      await Promise.all(Array.from({ length: BESIDE }, work));
      expect(bad).to.deep.equal([]);
    });
  }
});
