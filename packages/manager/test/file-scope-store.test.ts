import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileScopeStore } from '../src/store/file-scope-store.js';
import type { ScopeRecord } from '../src/store/scope-store.js';
import { anEntry, KEY } from './support/probe-strategy.js';

function aRecord(generation: number, routingKey = KEY): ScopeRecord {
  const scope = `node/${routingKey}`;
  return { scope, family: 'node', routingKey, generation, body: { a: anEntry('a') }, kept: {}, refusals: [] };
}

describe('FileScopeStore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-store-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const onlyFile = async (): Promise<string> => {
    const [name] = await readdir(join(folder, 'scopes'));
    return join(folder, 'scopes', name ?? '');
  };

  it('gives back what was saved, oldest generation first, one file per scope', async () => {
    const store = new FileScopeStore(folder);
    const hostile = 'chains.x.../../../etc/passwd\u0000.evm_nodes_config';
    await store.save(aRecord(2));
    await store.save(aRecord(1, hostile));
    await store.save(aRecord(3));
    const { records, setAside } = await new FileScopeStore(folder).load();
    expect(records).to.deep.equal([aRecord(1, hostile), aRecord(3)]);
    expect(setAside).to.deep.equal([]);
    expect(await readdir(join(folder, 'scopes'))).to.have.length(2);
  });

  it('keeps its files readable by their owner only', async () => {
    await new FileScopeStore(folder).save(aRecord(1));
    expect((await stat(await onlyFile())).mode & 0o777).to.equal(0o600);
    expect((await stat(join(folder, 'scopes'))).mode & 0o777).to.equal(0o700);
  });

  const damages: [string, (path: string) => Promise<void>, string][] = [
    ['an empty', (path) => truncate(path, 0), 'STORE_UNREADABLE'],
    ['a half-written', (path) => truncate(path, 150), 'STORE_UNREADABLE'],
    ['a garbled', (path) => writeFile(path, '\u0000\u0001garbage\nmore'), 'STORE_UNREADABLE'],
    [
      'an altered',
      async (path) => writeFile(path, (await readFile(path, 'utf8')).replace('node a', 'node b')),
      'STORE_UNREADABLE',
    ],
    [
      "a newer version's",
      (path) => writeFile(path, '{"version":99,"checksum":""}\n{}\n'),
      'STORE_NEWER_VERSION',
    ],
  ];
  for (const [what, damage, code] of damages) {
    it(`sets ${what} file aside with ${code} and still starts and saves`, async () => {
      const store = new FileScopeStore(folder);
      await store.save(aRecord(1));
      await damage(await onlyFile());
      const { records, setAside } = await store.load();
      expect(records).to.deep.equal([]);
      expect(setAside.map((one) => one.code)).to.deep.equal([code]);
      await store.save(aRecord(2));
      expect((await store.load()).records).to.deep.equal([aRecord(2)]);
    });
  }

  it('ignores a temporary file that a crash left before its rename', async () => {
    const store = new FileScopeStore(folder);
    await store.save(aRecord(1));
    await writeFile(`${await onlyFile()}.tmp`, 'half of a rec');
    expect((await store.load()).records).to.deep.equal([aRecord(1)]);
    expect(await readdir(join(folder, 'scopes'))).to.have.length(1);
  });

  it('refuses with STORE_WRITE_FAILED where it cannot write, and the old record stands', async () => {
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, 'a file where the folder should be');
    const error = await new FileScopeStore(blocked).save(aRecord(1)).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'STORE_WRITE_FAILED');
  });

  it('says why, and stores the same record once there is room again', async () => {
    const store = new FileScopeStore(folder);
    await store.save(aRecord(1));
    // The kernel's own "no space left on device", once: the store takes its temporary file away again.
    await symlink('/dev/full', `${await onlyFile()}.tmp`);
    const error = await store.save(aRecord(2)).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'STORE_WRITE_FAILED');
    expect(error).to.have.property('message').that.includes('ENOSPC');
    expect((await store.load()).records).to.deep.equal([aRecord(1)]);
    await store.save(aRecord(2));
    expect((await store.load()).records).to.deep.equal([aRecord(2)]);
    expect(await readdir(join(folder, 'scopes'))).to.have.length(1);
  });

  it('leaves a file it cannot read where it is and reports it', async () => {
    const store = new FileScopeStore(folder);
    await store.save(aRecord(1));
    const unreadable = join(folder, 'scopes', 'x.scope.json');
    await mkdir(unreadable);
    const { records, setAside } = await store.load();
    expect(records).to.deep.equal([aRecord(1)]);
    expect(setAside).to.deep.equal([
      { file: unreadable, code: 'STORE_UNREADABLE', reason: 'it cannot be read: EISDIR' },
    ]);
  });

  it('rejects a load with STORE_WRITE_FAILED where there can be no folder', async () => {
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, '');
    const error = await new FileScopeStore(blocked).load().catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'STORE_WRITE_FAILED');
  });
});
