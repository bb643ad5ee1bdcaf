import { expect } from 'chai';
import { isVedetteError } from '@vedette/contract';
import { isLoopback, parseListen, urlOf } from '../src/listen-address.js';

describe('parseListen', () => {
  const good: readonly [text: string, host: string, port: number][] = [
    ['127.0.0.1:9464', '127.0.0.1', 9464],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['localhost:80', 'localhost', 80],
    ['[::1]:9464', '::1', 9464],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['vedette.example:9464', 'vedette.example', 9464],
  ];
  for (const [text, host, port] of good) {
    it(`takes ${text}`, () => {
      expect(parseListen(text)).to.deep.equal({ host, port });
    });
  }

  it('takes none', () => {
    expect(parseListen('none')).to.equal(null);
  });

  for (const text of [
    '',
    '9464',
    ':9464',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '::1:9464',
    'a b:1',
    'http://a:1',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseListen(text))
        .to.throw()
        .that.satisfies((error: unknown) => {
          return isVedetteError(error, 'LISTEN_BAD_ADDRESS');
        });
    });
  }
});

describe('isLoopback', () => {
  const cases: readonly [host: string, verdict: boolean][] = [
    ['127.0.0.1', true],
    ['127.9.8.7', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['LOCALHOST.', true],
    ['app.localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['', false],
  ];
  for (const [host, verdict] of cases) {
    it(`${JSON.stringify(host)} is ${verdict ? '' : 'not '}loopback`, () => {
      expect(isLoopback(host)).to.equal(verdict);
    });
  }
});

describe('urlOf', () => {
  it('puts IPv6 in brackets', () => {
    expect(urlOf({ host: '::1', port: 1 })).to.equal('http://[::1]:1');
    expect(urlOf({ host: '127.0.0.1', port: 1 })).to.equal('http://127.0.0.1:1');
  });
});
