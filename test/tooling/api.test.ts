/** The public API is what was reviewed: no name comes, goes or changes unseen, and each says what it is. */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPages, readApi, type PackageApi } from '../../.ci/api-doc.mjs';
import { ROOT } from '../support/root.js';

describe('public API', function () {
  this.timeout(60_000);
  let api: PackageApi[] = [];
  before(() => {
    api = readApi();
  });

  it('is as reported in api/ and documented in docs/api/', async () => {
    const pages = await apiPages(api);
    const remedy = 'run `npm run build && node .ci/api-doc.mjs`, and add a changeset if a user can notice';
    for (const [path, text] of pages)
      expect(readFileSync(join(ROOT, path), 'utf8'), `${path}: ${remedy}`).to.equal(text);
    const committed = ['api', 'docs/api'].flatMap((folder) =>
      readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`),
    );
    expect(committed.sort()).to.deep.equal([...pages.keys()].sort());
  });

  it('says of every name what it is', () => {
    const silent = api.flatMap(({ name, entries, hidden }) =>
      [...entries.flatMap(({ names }) => names), ...hidden]
        .filter((one) => one.from === null && one.doc.trim() === '')
        .map((one) => `${name} ${one.name}`),
    );
    expect(silent).to.deep.equal([]);
  });

  it('shows no private member and no any', () => {
    for (const { name, entries, hidden } of api) {
      const code = [...entries.flatMap(({ names }) => names), ...hidden].flatMap((one) => one.code);
      for (const { bare } of code) expect(bare, name).not.to.match(/#\w|\bprivate\b|\bany\b/);
    }
  });
});
