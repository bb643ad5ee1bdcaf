/** A kind that says its module cannot be packed: on no host does one of its monitors share a thread. */
import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { startVedette } from '../support/vedette.js';

const MODULES = 'test/support/modules';
const HOSTS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['dense', ['--host', 'dense']],
  ['pool', ['--host', 'pool', '--threads', '1']],
  ['cell that packs', ['--host', 'cell', '--density', '10']],
  ['auto that packs', ['--density', '10']],
];

describe('a kind that cannot be packed', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-packable-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const [host, args] of HOSTS) {
    it(`has a thread for each of its monitors on ${host}, where others share one`, async () => {
      const [file, output] = [join(folder, 'monitors.json'), join(folder, 'out.jsonl')];
      const names = (kind: string): string[] => [1, 2, 3].map((index) => `${kind}-${index}`);
      const monitors = ['alone', 'together'].flatMap((kind) => names(kind).map((id) => ({ kind, id })));
      await writeFile(file, JSON.stringify({ monitors }));
      const strategies = ['alone', 'place'].flatMap((name) => [
        '--strategy',
        `${MODULES}/${name}-strategy.mjs`,
      ]);
      const vedette = startVedette(['run', file, ...args, ...strategies, '--output', output]);
      try {
        const places = await eventually(
          async () => {
            const text = await readFile(output, 'utf8');
            const said = [...text.matchAll(/"name": "([^"]+)", "place": "([^"]+)"/g)];
            const last = new Map(said.map(([, name = '', place = '']) => [name, place]));
            return last.size === monitors.length ? last : null;
          },
          { deadlineMs: 30_000, everyMs: 50, what: 'a message of each' },
        );
        const of = (kind: string): Set<string> => new Set(names(kind).map((name) => places.get(name) ?? ''));
        expect(of('together')).to.have.lengthOf(1);
        expect(of('alone')).to.have.lengthOf(3);
        expect([...of('alone')]).to.not.include([...of('together')][0]);
      } finally {
        const { code, stderr } = await vedette.stop();
        expect(code, stderr).to.equal(0);
      }
    });
  }
});
