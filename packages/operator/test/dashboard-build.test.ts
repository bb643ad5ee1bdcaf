/** What the build of the dashboard promises: small, whole in itself, in step with the server. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { ROOT } from '../../../test/support/root.js';
import type { MonitorDetail, MonitorSummary } from '../src/api/monitor-schemas.js';
import type { EventData } from '../src/events/schemas.js';
import type * as events from '../web/src/api/events.js';
import type * as web from '../web/src/api/types.js';

const FOLDER = join(ROOT, 'packages/operator/dashboard');
const SCRIPT_LIMIT_BYTES = 120_000;

/** Checked by the compiler: what the server says is what the page reads. */
type Reads<Said extends Read, Read> = Said;
export type InStep = [
  Reads<MonitorSummary, web.MonitorRow>,
  Reads<MonitorDetail, web.MonitorDetail>,
  Reads<EventData['monitor.round-ended'] & { readonly at: number }, events.RoundEnded>,
];

describe('the built dashboard', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
  const read = (file: string): Buffer => readFileSync(join(FOLDER, file));

  it(`has a script of at most ${SCRIPT_LIMIT_BYTES / 1_000} kB, compressed`, () => {
    const scripts = files.filter((file) => file.endsWith('.js'));
    expect(scripts).to.not.deep.equal([]);
    const bytes = scripts.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
    expect(bytes).to.be.lessThan(SCRIPT_LIMIT_BYTES);
  });

  it('holds no inline script or style, and asks for nothing elsewhere', () => {
    const page = read('index.html').toString();
    expect(page).to.not.match(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
    for (const file of files.filter((name) => /\.(html|js|css)$/.test(name))) {
      const outside = read(file)
        .toString()
        .match(/https?:\/\/[^\s"'`)]+/g);
      // Names of XML dialects are no addresses.
      expect((outside ?? []).filter((one) => !one.startsWith('http://www.w3.org/'))).to.deep.equal([], file);
    }
  });
});
