import { expect } from 'chai';
import { isVedetteError, type VedetteError } from '@vedette/contract';
import { connectError, exchangeOf, lostError, refusedError, replyCode } from '../src/amqp/amqp-errors.js';
import { backoffMs } from '../src/backoff.js';
import { amqpTarget, parseBrokerUrl } from '../src/broker-url.js';

describe('broker URL', () => {
  it('reads amqp, amqps and embedded with their defaults', () => {
    const rest = { confirmTimeoutMs: 10_000 };
    expect(parseBrokerUrl('embedded')).to.deep.equal({ type: 'embedded', ...rest });
    expect(parseBrokerUrl(' amqp://host ')).to.deep.equal({
      type: 'amqp',
      url: 'amqp://host',
      heartbeatSeconds: 10,
      ...rest,
    });
    expect(parseBrokerUrl('amqps://u:p@host:1/v?heartbeat=5', 2_000)).to.deep.equal({
      type: 'amqp',
      url: 'amqps://u:p@host:1/v?heartbeat=5',
      heartbeatSeconds: 5,
      confirmTimeoutMs: 2_000,
    });
  });

  const targets: readonly (readonly [url: string, target: object])[] = [
    [
      'amqp://host',
      { protocol: 'amqp', hostname: 'host', port: 5672, username: 'guest', password: 'guest', vhost: '%2F' },
    ],
    ['amqp://host/', { vhost: '%2F' }],
    ['amqps://host', { protocol: 'amqps', port: 5671 }],
    [
      'amqp://u%40x:p%2F%3A@[::1]:99/my%2Fhost',
      { hostname: '::1', port: 99, username: 'u@x', password: 'p/:', vhost: 'my%2Fhost' },
    ],
    ['amqp://u:100%@host', { username: 'u', password: '100%' }],
    ['amqp://u@host', { username: 'u', password: '' }],
  ];
  for (const [url, target] of targets) {
    it(`decodes ${url}`, () => {
      expect(amqpTarget(url)).to.include(target);
    });
  }

  for (const text of [
    '',
    'host:5672',
    'http://u:secret@host',
    'amqp://',
    'amqp://u:secret@host?heartbeat=0',
    'amqp://u:secret@h:99999',
  ]) {
    it(`refuses "${text}" and shows no credential`, () => {
      expect(() => parseBrokerUrl(text))
        .to.throw()
        .that.satisfies(
          (error: unknown) => isVedetteError(error, 'BROKER_BAD_URL') && !error.message.includes('secret'),
        );
    });
  }
});

describe('back-off', () => {
  it('doubles its ceiling from 100 ms to 4 s, with full jitter', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map((attempt) => backoffMs(attempt, () => 1));
    expect(ceilings).to.deep.equal([100, 200, 400, 800, 1_600, 3_200, 4_000, 4_000, 4_000]);
    expect(backoffMs(3, () => 0)).to.equal(0);
    expect(backoffMs(3, () => 0.5)).to.equal(400);
    expect(
      backoffMs(0, () => 1, 1_500),
      'a fleet',
    ).to.equal(1_500);
    expect(
      backoffMs(9, () => 1, 1_500),
      'a fleet, later',
    ).to.equal(4_000);
  });
});

describe('AMQP errors', () => {
  const withCode = (message: string, code: number | string) => Object.assign(new Error(message), { code });
  const login =
    'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"';
  const cases: readonly (readonly [what: string, error: VedetteError, code: string])[] = [
    ['a refused login', connectError(new Error(login), 'h:1'), 'BROKER_ACCESS_REFUSED'],
    [
      'a refused virtual host',
      connectError(new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'), 'h:1'),
      'BROKER_ACCESS_REFUSED',
    ],
    ['a refused connection', connectError(withCode('', 'ECONNREFUSED'), 'h:1'), 'BROKER_UNREACHABLE'],
    ['anything else while connecting', connectError('odd', 'h:1'), 'BROKER_UNREACHABLE'],
    ['a lost connection', lostError(new Error('Unexpected close'), 'h:1'), 'BROKER_CONNECTION_LOST'],
    ['a silent close', lostError(undefined, 'h:1'), 'BROKER_CONNECTION_LOST'],
    ['an inequivalent queue', refusedError(withCode('x', 406), 'queue "q"'), 'BROKER_TOPOLOGY_REFUSED'],
    ['a declaration without rights', refusedError(withCode('x', 403), 'queue "q"'), 'BROKER_ACCESS_REFUSED'],
  ];
  for (const [what, error, code] of cases) {
    it(`codes ${what} as ${code}`, () => {
      expect(error.code).to.equal(code);
    });
  }

  it('masks URLs in reasons', () => {
    expect(connectError(new Error('at amqp://u:secret@h'), 'h:1').message).to.not.contain('secret');
  });

  it('reads reply code and exchange of a closed channel', () => {
    const error = withCode(
      `Channel closed by server: 404 (NOT-FOUND) with message "NOT_FOUND - no exchange 'a.b' in vhost '/'"`,
      404,
    );
    expect([replyCode(error), exchangeOf(error)]).to.deep.equal([404, 'a.b']);
    expect([replyCode(new Error('x')), exchangeOf(new Error('x')), replyCode(null)]).to.deep.equal([
      null,
      null,
      null,
    ]);
  });
});
