/** The pure parts of `npm run demo:chains`, and that Vedette takes the config it makes. */
import { expect } from 'chai';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@vedette/contract';
import { configOf, WATCHED } from '../../examples/chains/config.js';
import { Facts } from '../../examples/chains/facts.js';
import { ROOT } from '../support/root.js';
import { runVedette } from '../support/vedette.js';

const GOLDENS: Readonly<Record<(typeof WATCHED)[number]['id'], string>> = {
  anvil: 'monitors-evm/test/goldens/evm-node/result',
  chainlink: 'monitors-chainlink/test/goldens/chainlink-node/result',
  feeds: 'monitors-chainlink/test/goldens/chainlink-contracts/result',
  validator: 'monitors-substrate/test/goldens/substrate-node/validator-paged',
  governance: 'monitors-substrate/test/goldens/substrate-network/governance-call-hashes',
};
const NOW = 1_700_000_000_000;

describe('the demo of chains', () => {
  let folder: string;
  let messages: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-demo-'));
    messages = join(folder, 'messages.jsonl');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const publish = (routingKey: string, golden: string, at = NOW): void => {
    const text = readFileSync(join(ROOT, 'packages', `${golden}.golden.json`), 'utf8');
    const line = { exchange: 'raw_data', routingKey, body: JSON.parse(text) as JsonObject, at };
    appendFileSync(messages, `${JSON.stringify(line)}\n`);
  };

  it('makes a config that `vedette check` takes', async () => {
    const stash = `0x${'ab'.repeat(32)}`;
    const addresses = {
      anvil: 'http://127.0.0.1:1',
      pages: 'http://127.0.0.1:2',
      polkadot: 'ws://127.0.0.1:3',
    };
    const file = join(folder, 'monitors.yaml');
    writeFileSync(file, configOf({ ...addresses, stash }));
    const { code, stdout, stderr } = await runVedette(['check', file]);
    expect(code, stdout + stderr).to.equal(0);
  });

  it('shows the key figures of each kind', () => {
    for (const { id, routingKey } of WATCHED) publish(routingKey, GOLDENS[id]);
    const facts = new Facts(messages);
    facts.read();
    expect(facts.withoutResult).to.deep.equal([]);
    expect(facts.lines(NOW).map((line) => line.replace(/ +/g, ' ').trim())).to.deep.equal([
      'anvil evm-node healthy height 18500000, synced · 1 rounds',
      'chainlink chainlink-node healthy head 18500000, balance 26 · 1 rounds',
      'feeds chainlink-contracts healthy AAA / USD $1200.40 (round 94), BBB / USD $0.01 (round 1203) · 1 rounds',
      'validator substrate-node healthy best 17000010, finalized 17000007, session 7012, era 1169, validating · 1 rounds',
      'governance substrate-network healthy referenda 4, public proposals 16 · 1 rounds',
    ]);
  });

  it('names who never had a good round, who fails and who has gone silent', () => {
    publish('node.evm', GOLDENS.anvil, NOW - 60_000);
    publish('node.substrate', 'monitors-substrate/test/goldens/substrate-node/unreachable');
    const facts = new Facts(messages);
    facts.read();
    const [anvil, chainlink, , validator] = facts.lines(NOW);
    expect(anvil).to.match(/silent +for 60 s/);
    expect(chainlink).to.match(/starting +nothing told yet/);
    expect(validator).to.match(/failing +5015 /);
    expect(facts.withoutResult.join()).to.match(
      /^chainlink,feeds,validator \(last error: 5015 .*\),governance$/,
    );
  });
});
