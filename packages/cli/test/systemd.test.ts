import { silentLogger } from '@vedette/contract';
import { expect } from 'chai';
import { linkToService } from '../src/systemd/service.js';
import {
  serviceOf,
  standbyWords,
  stoppingWords,
  wordsOf,
  type Service,
  type Turn,
} from '../src/systemd/words.js';

describe('serviceOf', () => {
  const PID = 42;
  const cases: readonly (readonly [what: string, env: Record<string, string>, service: Service | null])[] = [
    ['no socket', {}, null],
    ['an empty socket', { NOTIFY_SOCKET: '' }, null],
    ['a watchdog without a socket', { WATCHDOG_USEC: '3000000' }, null],
    [
      'a socket alone',
      { NOTIFY_SOCKET: '/run/systemd/notify' },
      { socket: '/run/systemd/notify', beatMs: 20_000, isWatched: false, watchesAnother: false },
    ],
    [
      'an abstract socket and a watchdog for everybody',
      { NOTIFY_SOCKET: '@notify', WATCHDOG_USEC: '3000000' },
      { socket: '@notify', beatMs: 1_000, isWatched: true, watchesAnother: false },
    ],
    [
      'a watchdog for us',
      { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '42' },
      { socket: '/n', beatMs: 20_000, isWatched: true, watchesAnother: false },
    ],
    [
      'a watchdog for another',
      { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '3000000', WATCHDOG_PID: '41' },
      { socket: '/n', beatMs: 20_000, isWatched: false, watchesAnother: true },
    ],
    ...['0', '-1', 'x', '', 'Infinity'].map((text): [string, Record<string, string>, Service] => [
      `a watchdog of ${JSON.stringify(text)}`,
      { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: text },
      { socket: '/n', beatMs: 20_000, isWatched: false, watchesAnother: false },
    ]),
  ];
  for (const [what, env, service] of cases) {
    it(`reads ${what}`, () => {
      expect(serviceOf(env, PID)).to.deep.equal(service);
    });
  }
});

describe('wordsOf', () => {
  const watched: Service = { socket: '/n', beatMs: 1_000, isWatched: true, watchesAnother: false };
  const turn = (change: Partial<Turn>): Turn => ({
    service: watched,
    wasReady: false,
    missing: [],
    counts: '2 monitors: 2 running',
    ...change,
  });
  const cases: readonly (readonly [what: string, turn: Turn, words: Record<string, string>])[] = [
    ['is ready', turn({}), { READY: '1', WATCHDOG: '1', STATUS: '2 monitors: 2 running' }],
    ['was ready', turn({ wasReady: true }), { WATCHDOG: '1', STATUS: '2 monitors: 2 running' }],
    [
      'is not ready yet',
      turn({ missing: ['the link to the broker is connecting'], counts: '0 monitors' }),
      {
        EXTEND_TIMEOUT_USEC: '3000000',
        WATCHDOG: '1',
        STATUS: 'not ready: the link to the broker is connecting; 0 monitors',
      },
    ],
    [
      'is not ready any more',
      turn({ wasReady: true, missing: ['a', 'b'] }),
      { WATCHDOG: '1', STATUS: 'not ready: a, b; 2 monitors: 2 running' },
    ],
    [
      'is not watched',
      turn({ service: { ...watched, isWatched: false } }),
      { READY: '1', STATUS: '2 monitors: 2 running' },
    ],
  ];
  for (const [what, given, words] of cases) {
    it(`says that it ${what}`, () => {
      expect(wordsOf(given)).to.deep.equal(words);
    });
  }

  it('says of a standby that it has started', () => {
    expect(standbyWords(watched, false)).to.include({ READY: '1', WATCHDOG: '1' });
    expect(standbyWords(watched, true)).to.have.all.keys('WATCHDOG', 'STATUS');
  });

  it('keeps the status on one line, short and without credentials', () => {
    const { STATUS = '' } = stoppingWords(`amqp://me:secret@host broke\nREADY=1${'x'.repeat(1_000)}`);
    expect(STATUS)
      .to.have.length(300)
      .and.not.match(/secret|\n/);
  });
});

describe('linkToService', () => {
  it('takes its variables away, so that no child speaks in its name, and does nothing where nobody listens', async () => {
    const env: NodeJS.ProcessEnv = { WATCHDOG_USEC: '1', WATCHDOG_PID: '1', PATH: '/bin' };
    const link = linkToService(env, silentLogger);
    link.standBy();
    link.stopping('told to');
    await link.close();
    expect(env).to.deep.equal({ PATH: '/bin' });
  });
});
