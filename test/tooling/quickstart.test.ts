/** The pure parts of `npm start`, on the files as committed. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../support/root.js';

interface QuickstartModules {
  readonly adapt: (text: string, ports: ReadonlyMap<number, number>, absent: readonly string[]) => string;
  readonly metricsAt: (text: string, seconds: number) => string;
  readonly freePort: (wanted: number) => Promise<number>;
}

interface Entry {
  readonly id: string;
  readonly kind: string;
}

/** Plain JavaScript without types of its own. */
async function load<K extends keyof QuickstartModules>(file: string, name: K): Promise<QuickstartModules[K]> {
  const url = new URL(`../../examples/quickstart/${file}`, import.meta.url).href;
  return ((await import(url)) as QuickstartModules)[name];
}

const CONFIG = readFileSync(join(ROOT, 'examples/quickstart.yaml'), 'utf8');
const METRICS = readFileSync(join(ROOT, 'examples/quickstart/chainlink-metrics.txt'), 'utf8');

describe('quick start config', () => {
  const monitorsOf = (text: string): Entry[] => (parse(text) as { monitors: Entry[] }).monitors;

  it('watches two nodes of one chain, a Chainlink node and this machine', () => {
    expect(monitorsOf(CONFIG).map(({ kind }) => kind)).to.deep.equal([
      'evm-node',
      'evm-node',
      'chainlink-node',
      'system',
    ]);
  });

  it('is adapted to other ports and nothing else', async () => {
    const adapt = await load('config.mjs', 'adapt');
    const adapted = adapt(CONFIG, new Map([[18545, 4545]]), []);
    expect(adapted).to.equal(CONFIG.replace('127.0.0.1:18545', '127.0.0.1:4545'));
  });

  it('loses only the entries that are absent', async () => {
    const adapt = await load('config.mjs', 'adapt');
    const adapted = adapt(CONFIG, new Map(), ['this-machine']);
    expect(monitorsOf(adapted)).to.deep.equal(monitorsOf(CONFIG).filter(({ id }) => id !== 'this-machine'));
    expect(adapted).to.include('# nodes of one chain');
  });
});

describe('Chainlink replay', () => {
  it('is the fixture at the start', async () => {
    const metricsAt = await load('chainlink-replay.mjs', 'metricsAt');
    const plain = (text: string): string => text.replace(/^(head_tracker\S+) \S+/gm, '$1');
    expect(plain(metricsAt(METRICS, 0))).to.equal(plain(METRICS));
  });

  it('moves the head and the heads received by one a second, and nothing else', async () => {
    const metricsAt = await load('chainlink-replay.mjs', 'metricsAt');
    const [before, after] = [metricsAt(METRICS, 0).split('\n'), metricsAt(METRICS, 7.9).split('\n')];
    const changed = before.flatMap((line, index) =>
      line === after[index] ? [] : [[line, after[index] ?? '']],
    );
    expect(changed.length).to.be.at.least(2);
    for (const [was, is] of changed) {
      expect(was).to.match(/^head_tracker_(current_head|heads_received)/);
      expect(Number(is?.split(' ').at(-1)) - Number(was?.split(' ').at(-1))).to.equal(7);
    }
  });
});

describe('quick start ports', () => {
  it('are others when the wanted one is taken', async () => {
    const freePort = await load('ports.mjs', 'freePort');
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await freePort(taken))
      .to.be.above(0)
      .and.not.equal(taken);
    holder.close();
    await once(holder, 'close');
  });
});
