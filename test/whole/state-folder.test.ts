import { expect } from 'chai';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { startRabbit, type Rabbit } from '../support/rabbitmq.js';
import { startVedette, type Vedette } from '../support/vedette.js';

/** A state folder that can be filled up. */
interface TinyFolder {
  readonly path: string;
  /** After this nothing can be stored. */
  fill(): Promise<void>;
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** A file system of 64 KiB where one may be mounted; else a folder that is replaced by a file when full. */
async function tinyFolder(): Promise<TinyFolder> {
  const path = await mkdtemp(join(tmpdir(), 'vedette-tiny-'));
  const isMounted = ((): boolean => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  const filler = join(path, 'filler');
  const scopes = join(path, 'scopes');
  return {
    path,
    async fill() {
      if (isMounted) await writeFile(filler, Buffer.alloc(64 * 1024)).catch(() => undefined);
      else {
        await rename(scopes, filler);
        await writeFile(scopes, 'in the way');
      }
    },
    async free() {
      if (!isMounted) await rm(scopes);
      if (isMounted) await rm(filler);
      else await rename(filler, scopes);
    },
    async remove() {
      if (isMounted) execFileSync('umount', [path]);
      await rm(path, { recursive: true });
    },
  };
}

const EVM_KEY = 'chains.chainlink.local.evm_nodes_config';
const NODES_KEY = 'chains.chainlink.local.nodes_config';
const QUEUE = 'node_monitors_manager_configs_queue';

describe('the state folder', function () {
  this.timeout(90_000);
  let rabbit: Rabbit;
  let connection: ChannelModel;
  let channel: Channel;
  let node: JsonRpcNode;
  let folder: TinyFolder;
  let running: Vedette | null = null;

  before(async () => {
    rabbit = await startRabbit();
    connection = await connect(rabbit.url);
    channel = await connection.createChannel();
    await channel.assertExchange('raw_data', 'topic');
    node = await startJsonRpcNode(50);
  });
  beforeEach(async () => {
    folder = await tinyFolder();
  });
  afterEach(async () => {
    await running?.stop();
    running = null;
    await folder.remove();
  });
  after(async () => {
    await connection.close();
    await rabbit.stop();
    await node.close();
  });

  const start = (): Vedette => {
    running = startVedette(['run', '--broker', rabbit.url, '--state', folder.path, '--log-level', 'debug'], {
      env: { NODE_MONITOR_PERIOD_SECONDS: '0.3' },
    });
    return running;
  };
  const send = (body: unknown, key = EVM_KEY): boolean =>
    channel.publish('config', key, Buffer.from(JSON.stringify(body)), { persistent: true });
  const entry = (id: string): Record<string, string> => ({
    id,
    parent_id: 'local',
    name: `node ${id}`,
    node_http_url: node.url,
    monitor_node: 'true',
  });
  /** Waiting and unacknowledged. */
  const kept = async (): Promise<number> => {
    const lines = (await rabbit.ctl('list_queues', 'name', 'messages')).split('\n');
    return Number(lines.find((line) => line.startsWith(QUEUE))?.split(/\s+/)[1]);
  };

  it('that is full refuses a config without an ack and says so; what runs goes on; with room it is taken', async () => {
    const vedette = start();
    await eventually(async () => (await channel.assertQueue(QUEUE)).consumerCount === 1, {
      deadlineMs: 20_000,
    });
    send({ a: entry('a') });
    await vedette.says(/Config applied .*started=1/);
    await folder.fill();
    send({ a: entry('a'), b: entry('b') });
    await vedette.says(/Config not acknowledged.*STORE_WRITE_FAILED/);
    // Again after a back-off, and still not acknowledged.
    await vedette.says(/STORE_WRITE_FAILED[^]*STORE_WRITE_FAILED/);
    expect(await kept()).to.equal(1);
    const requests = node.requests;
    await eventually(() => node.requests > requests + 2);
    expect(vedette.stderr()).to.not.match(/kept=1/);
    await folder.free();
    await vedette.says(/Config applied .*started=1 restarted=0 stopped=0 kept=1/, 40_000);
    await eventually(async () => (await kept()) === 0, { deadlineMs: 10_000, everyMs: 200 });
    expect((await vedette.stop()).code).to.equal(0);
    const again = start();
    await again.says(/scope=restored started=2/);
  });

  it('that cannot be made ends the start with a code and exit 1', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const args = ['run', '--broker', rabbit.url, '--state', join(file, 'state')];
    const { code, stderr } = await startVedette(args).ended;
    expect(code).to.equal(1);
    expect(stderr).to.include('STORE_WRITE_FAILED');
  });

  it('keeps the state of the last round, so that a restarted manager hands it back', async () => {
    const [first, second] = [await startPage(), await startPage()];
    const urls = `${first.url},${second.url}`;
    const fields = { monitor_node: 'true', monitor_prometheus: 'true', node_prometheus_urls: urls };
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'raw_data', 'node.chainlink');
    const used: string[] = [];
    const { consumerTag } = await channel.consume(
      queue,
      (message) => {
        const source = /"last_source_used": "([^"]+)"/.exec(message?.content.toString() ?? '')?.[1];
        if (source !== undefined) used.push(source);
      },
      { noAck: true },
    );
    try {
      first.isUp = false;
      const vedette = start();
      await eventually(async () => (await channel.assertQueue(QUEUE)).consumerCount === 1, {
        deadlineMs: 20_000,
      });
      send({}, EVM_KEY);
      send({ c: { id: 'c', parent_id: 'local', name: 'node c', ...fields } }, NODES_KEY);
      await eventually(() => used.at(-1) === second.url, { deadlineMs: 20_000 });
      // Without memory the first would be preferred again.
      first.isUp = true;
      expect((await vedette.stop()).code).to.equal(0);
      expect(await readdir(folder.path)).to.include('round-states.json');
      used.length = 0;
      start();
      await eventually(() => used.length > 1, { deadlineMs: 20_000 });
      expect(new Set(used)).to.deep.equal(new Set([second.url]));
    } finally {
      await channel.cancel(consumerTag);
      await first.close();
      await second.close();
    }
  });
});

interface Page {
  readonly url: string;
  /** False: the connection is cut, as by a node that is down. */
  isUp: boolean;
  close(): Promise<void>;
}

/** A metrics page that says too little for a result: what counts here is which one is asked. */
async function startPage(): Promise<Page> {
  const server: Server = createServer((request, response) => {
    if (page.isUp) response.end();
    else request.socket.destroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const page: Page = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    isUp: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return page;
}
