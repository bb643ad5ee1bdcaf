import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isVedetteError, silentLogger } from '@vedette/contract';
import { FakeClock, settlePromises } from '../../../test/support/fake-clock.js';
import { FailureLimit } from '../src/failure-limit.js';
import { fixedToken, NO_TOKENS, TokenFile } from '../src/tokens.js';

const ONE = 'one-token-0123456789';
const TWO = 'two-token-0123456789';

describe('tokens of the API', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-tokens-'));
    path = join(folder, 'tokens');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const open = () => {
    const clock = new FakeClock(settlePromises);
    return { clock, tokens: new TokenFile(path, clock, silentLogger) };
  };

  it('accepts each token of a file and no other', () => {
    writeFileSync(path, `# for Prometheus\n${ONE}\n\n  ${TWO} # ours\n`);
    const { tokens } = open();
    expect([ONE, TWO, `${ONE}x`, '', '# for Prometheus'].map((one) => tokens.accepts(one))).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('refuses a token a second after it was taken out, and everyone when the file is gone', async () => {
    writeFileSync(path, `${ONE}\n${TWO}\n`);
    const { clock, tokens } = open();
    writeFileSync(path, `${TWO}\n`);
    await clock.advance(1_000);
    expect([tokens.accepts(ONE), tokens.accepts(TWO)]).to.deep.equal([false, true]);
    rmSync(path);
    await clock.advance(1_000);
    expect(tokens.accepts(TWO)).to.equal(false);
  });

  it('refuses files and tokens that cannot be used, and names no token', () => {
    const isCoded = (error: unknown): boolean =>
      isVedetteError(error, 'LISTEN_BAD_TOKEN') && !error.message.includes('sh0rt');
    expect(open).to.throw().that.satisfies(isCoded);
    for (const text of ['', '# nothing\n', 'sh0rt\n', `${ONE}\nsh0rt with blanks and more\n`]) {
      writeFileSync(path, text);
      expect(open).to.throw().that.satisfies(isCoded);
    }
    expect(() => fixedToken('sh0rt'))
      .to.throw()
      .that.satisfies(isCoded);
  });

  it('accepts a fixed token, and nothing where there is none', () => {
    expect([fixedToken(ONE).accepts(ONE), fixedToken(ONE).accepts(TWO), NO_TOKENS.accepts('')]).to.deep.equal(
      [true, false, false],
    );
  });
});

describe('FailureLimit', () => {
  it('hears an address again a minute after its tenth failure, and no other address waits', async () => {
    const clock = new FakeClock(settlePromises);
    const limit = new FailureLimit(clock);
    for (let failure = 0; failure < 10; failure += 1) limit.failed('a');
    expect([limit.waitSeconds('a'), limit.waitSeconds('b')]).to.deep.equal([60, 0]);
    await clock.advance(60_000);
    expect(limit.waitSeconds('a')).to.equal(0);
  });

  it('forgets the oldest addresses when many fail', () => {
    const limit = new FailureLimit(new FakeClock(settlePromises));
    for (let failure = 0; failure < 10; failure += 1) limit.failed('first');
    for (let address = 0; address < 1_000; address += 1) limit.failed(String(address));
    expect(limit.waitSeconds('first')).to.equal(0);
  });
});
