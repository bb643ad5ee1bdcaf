import { expect } from 'chai';
import { describeValue, maskText, maskUrl } from '../src/secrets.js';

const KEY = 'a1b2c3d4e5f6a7b8c9d0e1f2';
const SECRETS = ['hunter2', KEY, 'alice'];

/** URLs that hold a secret in each place one has been seen. */
const HOSTILE: readonly (readonly [where: string, url: string])[] = [
  ['user info', 'http://alice:hunter2@host:8545/path'],
  ['user name alone', 'https://alice@host/'],
  ['password alone', 'amqp://:hunter2@host/'],
  ['an amqp URL', 'amqp://alice:hunter2@127.0.0.1:5672/vhost'],
  ['an encoded password', 'http://x:hunter2%40home@host/'],
  ['a query key', 'https://host/rpc?apikey=hunter2'],
  ['a query token in capitals', 'https://host/rpc?ACCESS_TOKEN=hunter2&x=1'],
  ['a signature', 'https://host/x?sig=hunter2'],
  ['a repeated parameter', 'https://host/x?token=hunter2&token=hunter2'],
  ['a path segment', `https://mainnet.host.io/v3/${KEY}`],
  ['a path segment before others', `https://host/${KEY}/ext/bc`],
  ['the fragment', 'https://host/#hunter2'],
  ['a URL without a scheme', 'alice:hunter2@host:8545/path'],
  ['a URL that does not parse', 'http://alice:hunter2@host:notaport/'],
  ['a scheme of no known kind', 'weird+x://alice:hunter2@host/'],
  ['a password with a slash', 'http://alice:hunter2/x@host/'],
  ['a password with a slash and digits', 'http://svc:1/hunter2@host:8545/'],
  ['a password with quotes', `http://alice:a"b'hunter2@host/`],
  ['a password with an at sign', 'http://alice:p@hunter2@host:notaport/'],
  ['the query of a URL that does not parse', 'http://host:notaport/?token=hunter2'],
  ['the path of a URL that does not parse', `http://host:notaport/${KEY}`],
  ['a second URL glued on', 'http://host/,http://alice:hunter2@other/'],
  ['a second URL glued onto a query', 'http://host/?x=1,wss://alice:hunter2@other/ws'],
  ['a websocket', `wss://host/ws/${KEY}?auth=hunter2`],
];

describe('secret masking', () => {
  for (const [where, url] of HOSTILE) {
    it(`of a URL hides a secret in ${where}`, () => {
      const shown = maskUrl(url);
      for (const secret of SECRETS) expect(shown).not.to.include(secret);
    });

    it(`of a sentence hides a secret in ${where}`, () => {
      const shown = maskText(`cannot reach ${url} and "${url}" (${url})`);
      for (const secret of SECRETS) expect(shown).not.to.include(secret);
      expect(shown).to.match(/^cannot reach /);
    });

    it(`of a refused value hides a secret in ${where}`, () => {
      const shown = describeValue(url);
      for (const secret of SECRETS) expect(shown).not.to.include(secret);
    });
  }

  it('hides user info that stands without a scheme', () => {
    expect(maskText('amqp at alice:hunter2@host:5672 refused')).to.equal('amqp at ***@host:5672 refused');
  });

  const KEPT: readonly (readonly [url: string, shown: string])[] = [
    ['http://127.0.0.1:8545', 'http://127.0.0.1:8545/'],
    ['http://host/metrics?name=x', 'http://host/metrics?name=x'],
    ['https://host/a/short/path', 'https://host/a/short/path'],
  ];
  for (const [url, shown] of KEPT) {
    it(`keeps ${url} readable`, () => {
      expect(maskUrl(url)).to.equal(shown);
    });
  }

  it('leaves a sentence without a URL as it is', () => {
    expect(maskText('round 12 took 3 ms')).to.equal('round 12 took 3 ms');
  });

  it('masks several URLs in one sentence', () => {
    const shown = maskText('from http://a:hunter2@x/ to http://b:hunter2@y/');
    expect(shown).not.to.include('hunter2');
    expect(shown).to.include('@x/').and.to.include('@y/');
  });

  it('bounds the length of what it returns', () => {
    expect(maskUrl(`http://host/${'a/'.repeat(5_000)}`).length).to.be.at.most(500);
    expect(maskUrl('no url '.repeat(1_000)).length).to.be.at.most(200);
    expect(describeValue('x'.repeat(10_000)).length).to.be.at.most(90);
  });

  it('is quick on long hostile text', () => {
    const began = performance.now();
    for (const piece of ['a.', 'a://', '://@', 'http://', '@', 'x:/']) {
      maskText(piece.repeat(5_000));
      describeValue(piece.repeat(1_000_000));
    }
    // Quadratic work would take minutes here; the bound leaves room for a busy machine.
    expect(performance.now() - began).to.be.below(10_000);
  });

  it('keeps control and direction characters from the terminal', () => {
    const shown = describeValue('a\u001b[31m\u0000b\u202ec\u009bd');
    // eslint-disable-next-line no-control-regex -- that is what is asked
    expect(shown).not.to.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('describes values that are no text without showing what they hold', () => {
    expect(describeValue({ password: 'hunter2' })).to.equal('a value of type object');
    expect(describeValue(['hunter2'])).to.equal('a list');
    expect(describeValue(undefined)).to.equal('a value of type undefined');
    expect([null, 1, true].map(describeValue)).to.deep.equal(['null', '1', 'true']);
  });
});
