import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { identity, playRound } from '../../../test/support/monitor-round.js';
import { startNodeExporter, type NodeExporter } from '../../../test/support/node-exporter.js';
import { systemStrategy } from '../src/index.js';
import defaultMonitor from '../src/system/monitor.js';

const HOST = identity('system', 'this host', 'System monitor (this host)', 'sys_1');

describe('the system monitor on a real node exporter', () => {
  let exporter: NodeExporter;

  before(async function () {
    // The first run fetches the package.
    this.timeout(180_000);
    exporter = await startNodeExporter();
  });
  after(async () => {
    closeHttp();
    await exporter.stop();
  });

  it('publishes ten numbers that can be true of this machine', async () => {
    const settings = { exporterUrl: exporter.url, verifyTls: true };
    const { result, texts } = await playRound(defaultMonitor, { settings, monitor: HOST });
    expect(result.reported).to.equal(undefined);
    const { data } = (JSON.parse(texts[0] ?? '') as { result: { data: Record<string, number> } }).result;
    expect(Object.keys(data)).to.have.lengthOf(10);
    for (const share of ['system_cpu_usage', 'system_ram_usage', 'system_storage_usage']) {
      expect(data[share], share).to.be.within(0, 100);
    }
    expect(data['network_receive_bytes_total']).to.be.greaterThan(0);
    expect(data['virtual_memory_usage']).to.be.greaterThan(1e6);
    expect(systemStrategy.keyFigure(result.facts ?? {})).to.match(/^cpu [\d.]+ % ram \d+ % disk \d+ %$/);
  });

  it('reports 5004 once the exporter has died, and a result once another is back', async () => {
    await exporter.stop();
    const settings = { exporterUrl: exporter.url, verifyTls: true };
    const { result } = await playRound(defaultMonitor, { settings, monitor: HOST });
    expect(result.reported?.code).to.equal(5004);
    exporter = await startNodeExporter();
    const again = await playRound(defaultMonitor, {
      settings: { exporterUrl: exporter.url, verifyTls: true },
      monitor: HOST,
    });
    expect(again.result.reported).to.equal(undefined);
  });
});
