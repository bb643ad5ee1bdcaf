/** What `vedette apply` shows of the changes it made or would make. */
import { expect } from 'chai';
import { planText, type PlanShown } from '../src/remote/plan-text.js';

const NONE: PlanShown = {
  scope: 'node/k',
  isUsable: true,
  started: [],
  restarted: [],
  stopped: [],
  kept: 0,
  refusals: [],
};
const REFUSAL = { code: 'CONFIG_INVALID_URL', configId: 'd', reason: 'url: no', remedy: 'Give another' };

describe('the table of `vedette apply`', () => {
  const cases: readonly [what: string, plans: PlanShown[], isApplied: boolean, lines: string[]][] = [
    ['nothing at all', [NONE], true, ['applied: 0 to start, 0 to restart, 0 to stop, 0 kept, 0 refused']],
    [
      'what stops first, then what restarts, starts and stays',
      [{ ...NONE, started: ['e:a'], restarted: ['e:b'], stopped: ['e:c'], kept: 2 }, NONE],
      false,
      [
        'SCOPE   CHANGE   MONITOR',
        'node/k  stop     e:c',
        'node/k  restart  e:b',
        'node/k  start    e:a',
        'node/k  keep     2 as they are',
        'not applied: 1 to start, 1 to restart, 1 to stop, 2 kept, 0 refused',
      ],
    ],
    [
      'what is refused, with what to do, and what is refused as a whole',
      [
        { ...NONE, refusals: [REFUSAL] },
        { ...NONE, isUsable: false, refusals: [{ ...REFUSAL, configId: null }] },
      ],
      false,
      [
        'refused of node/k:',
        '  CONFIG_INVALID_URL d: url: no',
        '    Give another',
        'refused of node/k, which is not usable as a whole:',
        '  CONFIG_INVALID_URL url: no',
        '    Give another',
        'not applied: 0 to start, 0 to restart, 0 to stop, 0 kept, 2 refused',
      ],
    ],
    [
      'names that would move the cursor',
      [{ ...NONE, scope: 'a\u001b[2Jb', started: ['e:\nx'] }],
      true,
      [
        'SCOPE   CHANGE  MONITOR',
        'a?[2Jb  start   e:?x',
        'applied: 1 to start, 0 to restart, 0 to stop, 0 kept, 0 refused',
      ],
    ],
  ];
  for (const [what, plans, isApplied, lines] of cases) {
    it(`shows ${what}`, () => {
      expect(planText(plans, isApplied, 200)).to.deep.equal(lines);
    });
  }
});
