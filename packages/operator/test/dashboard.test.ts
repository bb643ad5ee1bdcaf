import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixedToken } from '../src/index.js';
import { anOperator, type TestOperator } from './support/an-operator.js';

describe('what stands at /', () => {
  let folder: string;
  let under: TestOperator | null = null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-dashboard-'));
  });
  afterEach(async () => {
    await under?.stop();
    under = null;
    rmSync(folder, { recursive: true });
  });

  it('is a page that names the API where no dashboard is built', async () => {
    under = anOperator({ dashboardFolder: join(folder, 'nothing') });
    const { status, type, text } = await under.get('/');
    expect([status, type]).to.deep.equal([200, 'text/html']);
    for (const [, path = ''] of text.matchAll(/href="([^"]+)"/g)) {
      expect((await under.get(path)).status, path).to.be.oneOf([200, 503]);
    }
  });

  it('is the dashboard where one is built, also for who has no token yet', async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>built</title>');
    writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'void 0;');
    const listen = { host: '0.0.0.0', port: 0 };
    under = anOperator({ dashboardFolder: folder, listen, tokens: fixedToken('a-token-of-the-tests-0123') });
    expect((await under.get('/')).text).to.include('built');
    const script = await under.get('/assets/app-1a2b.js');
    expect([script.status, script.type, script.text]).to.deep.equal([200, 'text/javascript', 'void 0;']);
    for (const path of ['/assets/', '/assets/../index.html.bak', '/..%2fpackage.json', '/assets/none.js']) {
      expect((await under.get(path)).status, path).to.equal(401);
    }
  });

  it('is not sent again to who has it', async () => {
    under = anOperator({ dashboardFolder: folder });
    const { headers } = await under.operator.server.inject({ url: '/', headers: { host: '127.0.0.1' } });
    const again = await under.get('/', { 'if-none-match': String(headers['etag']) });
    expect([again.status, again.text]).to.deep.equal([304, '']);
  });
});
