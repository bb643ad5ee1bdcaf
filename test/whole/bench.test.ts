/** `vedette bench` as an operator runs it. */
import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeOf } from '@vedette/cli/process-tree';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { runVedette, startVedette } from '../support/vedette.js';

interface Report {
  readonly broker: string;
  readonly wanted: number;
  readonly hosts: readonly {
    readonly host: string;
    readonly monitors: number;
    readonly memoryMb: number;
    readonly startMs: number;
    readonly recoverMs: number;
    readonly roundCpuMs: number;
    readonly failedRounds: number;
    readonly capacity: { readonly monitors: number };
  }[];
  readonly advice: { readonly host: string; readonly text: string };
}

describe('vedette bench', () => {
  let folder: string;
  let node: JsonRpcNode;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-bench-'));
    node = await startJsonRpcNode();
  });
  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  it("measures a host with the operator's monitors and recommends it", async function () {
    this.timeout(90_000);
    const file = join(folder, 'monitors.yaml');
    const entries = ['a', 'b'].map(
      (id) => `  - { kind: evm-node, id: ${id}, settings: { url: ${node.url} } }`,
    );
    await writeFile(file, `monitors:\n${entries.join('\n')}\n`);
    const { code, stdout, stderr } = await runVedette(['bench', file, '--host', 'cell', '--json']);
    expect(code, stderr).to.equal(0);
    const report = JSON.parse(stdout) as Report;
    expect(report).to.include({ broker: 'embedded', wanted: 2 });
    const [cell] = report.hosts;
    expect(cell).to.include({ host: 'cell', monitors: 10, failedRounds: 0 });
    expect(cell?.memoryMb).to.be.within(1, 100);
    expect(cell?.startMs).to.be.greaterThan(0);
    expect(cell?.recoverMs).to.be.greaterThan(0);
    expect(cell?.roundCpuMs).to.be.at.least(0);
    expect(cell?.capacity.monitors).to.be.greaterThan(2);
    expect(report.advice.host).to.equal('cell');
    expect(stderr).to.include('bench: cell: starting 10 monitors').and.include('killing workers');
  });

  it('ends on Ctrl-C with status 130 and leaves no process', async function () {
    this.timeout(60_000);
    const vedette = startVedette(['bench', '--host', 'cell']);
    // The command, the process that measures, and the cell.
    const pids = await eventually(
      () => {
        const found = treeOf(vedette.child.pid ?? 0);
        expect(found).to.have.length(3);
        return found;
      },
      { deadlineMs: 30_000 },
    );
    vedette.child.kill('SIGINT');
    const { code, stdout, stderr } = await vedette.ended;
    expect(code).to.equal(130);
    expect(stdout).to.equal('');
    expect(stderr).to.include('stopped before its end');
    await eventually(() => pids.every((pid) => treeOf(pid).length === 0), { what: 'the end of all of them' });
  });
});
