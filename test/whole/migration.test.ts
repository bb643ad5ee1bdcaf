/**
 * docs/migrate-from-panic.md, command by command. `vedette` and `rabbitmqctl` are the real ones; `mongoexport`
 * and `redis-cli` are stand-ins that answer from what doubles of PANIC's components wrote.
 */
import { expect } from 'chai';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAMILIES, FAMILY_NAMES } from '@vedette/contract';
import { eventually } from '../support/eventually.js';
import { declarePanic, ping, startHeartbeatHandler, startOldManagers } from '../support/panic-side.js';
import { startRabbit, type Rabbit } from '../support/rabbitmq.js';
import { ROOT } from '../support/root.js';

const GUIDE = readFileSync(join(ROOT, 'docs/migrate-from-panic.md'), 'utf8');
const FIXTURES = join(ROOT, 'packages/cli/test/fixtures');
const STEPS = ['1. Look', '2. Start', '3. Stop', '4. Hand over', '5. Verify', '6. The way back'];

/** The commands of each step, in the order of the page. */
function commandsOf(step: string): string[] {
  const section = GUIDE.split(/^## /m).find((text) => text.startsWith(step)) ?? '';
  return [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1] ?? '');
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

describe('the guide from PANIC to Vedette', function () {
  this.timeout(120_000);
  let rabbit: Rabbit;
  let connection: ChannelModel;
  let channel: Channel;
  let old: { stop(): Promise<void> };
  let folder: string;
  let redis: ReadonlyMap<string, string>;
  let answers: Server;
  const done: string[] = [];

  before(async () => {
    rabbit = await startRabbit();
    connection = await connect(rabbit.url);
    channel = await connection.createChannel();
    await declarePanic(channel);
    redis = await startHeartbeatHandler(channel);
    old = await startOldManagers(rabbit.url);
    folder = await mkdtemp(join(tmpdir(), 'vedette-migration-'));
    answers = await standIns();
    await cp(join(FIXTURES, 'panic'), join(folder, 'panic'), { recursive: true });
  });
  after(async () => {
    // Where a step failed, what step 2 started is still there.
    const pid = Number(await readFile(join(folder, 'vedette.pid'), 'utf8').catch(() => '0'));
    try {
      if (pid > 0) process.kill(pid, 'SIGKILL');
    } catch {
      // It has gone by itself, as it should.
    }
    await old.stop();
    await connection.close();
    await rabbit.stop();
    await new Promise((resolve) => answers.close(resolve));
    await rm(folder, { recursive: true });
  });

  /** Programs on the PATH of the commands; all but `vedette` ask this process through a socket. */
  async function standIns(): Promise<Server> {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const socket = join(folder, 'answers.sock');
    const program = async (name: string, text: string): Promise<void> => {
      await writeFile(join(bin, name), text);
      await chmod(join(bin, name), 0o755);
    };
    const cli = join(ROOT, 'packages/cli/bin/vedette.js');
    await program('vedette', `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
    for (const name of ['rabbitmqctl', 'redis-cli', 'mongoexport']) {
      const ask =
        `const s = require('node:net').connect(${JSON.stringify(socket)});` +
        `s.end(JSON.stringify(['${name}', ...process.argv.slice(2)])); s.pipe(process.stdout);`;
      await program(name, `#!${process.execPath}\n${ask}\n`);
    }
    const server = createServer({ allowHalfOpen: true }, (client) => {
      let text = '';
      client.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      client.on('end', () => {
        const [name, ...args] = JSON.parse(text) as string[];
        answer(name ?? '', args).then(
          (out) => client.end(`${out}\n`),
          (error: unknown) => client.end(String(error)),
        );
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(socket, resolve);
    });
    return server;
  }

  async function answer(name: string, args: readonly string[]): Promise<string> {
    if (name === 'rabbitmqctl') return rabbit.ctl(...args);
    if (name === 'redis-cli') return redis.get(args.at(-1) ?? '') ?? '(nil)';
    // What can run as a whole, so that the guide's commands end with 0.
    const lines = (await readFile(join(FIXTURES, 'configs.jsonl'), 'utf8')).trim().split('\n');
    return lines.filter((line) => !/hunter2|v1\.2/.test(line)).join('\n');
  }

  async function run(commands: string): Promise<Ran> {
    done.push(commands);
    const text = commands.replaceAll('amqp://guest:guest@127.0.0.1:5672', rabbit.url);
    const env = {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      VEDETTE_LISTEN: 'none',
    };
    const out = join(folder, 'out.txt');
    // To a file: a program left in the background would keep a pipe open.
    const child = spawn('sh', ['-ec', `exec > '${out}' 2>&1\n${text}`], {
      cwd: folder,
      env,
      stdio: 'ignore',
    });
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { code, out: await readFile(out, 'utf8') };
  }

  const log = (): Promise<string> => readFile(join(folder, 'vedette.log'), 'utf8');
  const consumersIn = (listing: string): Record<string, number> =>
    Object.fromEntries(
      listing
        .split('\n')
        .map((line) => line.split(/\s+/))
        .filter(([name]) => /_monitors_manager_(configs|heartbeat)_queue$/.test(name ?? ''))
        .map(([name, consumers]) => [name, Number(consumers)]),
    );
  const each = (consumers: number): Record<string, number> =>
    Object.fromEntries(
      FAMILY_NAMES.flatMap((family) => [FAMILIES[family].configQueue, FAMILIES[family].heartbeatQueue]).map(
        (name) => [name, consumers],
      ),
    );

  it('1: shows what would run, and changes nothing on the broker', async () => {
    const before = await rabbit.ctl('list_queues', 'name', 'messages', 'consumers');
    const [fromMongo, fromFolder] = commandsOf('1. Look');
    const database = await run(fromMongo ?? '');
    expect(database.code, database.out).to.equal(0);
    expect(database.out).to.match(/^\d+ monitors would run$/m);
    const ini = await run(fromFolder ?? '');
    // This folder holds faults on purpose.
    expect(ini.code).to.equal(1);
    expect(ini.out).to.match(/^\d+ monitors would run$/m);
    expect(await rabbit.ctl('list_queues', 'name', 'messages', 'consumers')).to.equal(before);
  });

  it('2: waits beside the six without taking a message from them', async () => {
    const [start] = commandsOf('2. Start');
    expect((await run(start ?? '')).code).to.equal(0);
    await eventually(async () => (await log()).includes('Waiting as standby'), { deadlineMs: 20_000 });
    expect(consumersIn(await rabbit.ctl('list_queues', 'name', 'consumers'))).to.deep.equal(each(1));
    ping(channel);
    await eventually(() => redis.size === 6);
    expect(redis.get('panic_alerter:c1_Node Monitors Manager')).to.include('of old');
  });

  it('3: takes over when the six have stopped', async () => {
    await old.stop();
    const [look] = commandsOf('3. Stop');
    const { code, out } = await run(look ?? '');
    expect(code, out).to.equal(0);
    await eventually(
      async () => {
        const listing = await rabbit.ctl('list_queues', 'name', 'consumers', 'messages');
        expect(consumersIn(listing)).to.deep.equal(each(1));
        return true;
      },
      { deadlineMs: 20_000, everyMs: 300 },
    );
    expect(out).to.include('vedette_manager_lock');
  });

  it('4: runs what PANIC had configured', async () => {
    const [apply] = commandsOf('4. Hand over');
    const { code, out } = await run(apply ?? '');
    expect(code, out).to.equal(0);
    expect(out).to.include('published chains.cosmos.regen.nodes_config');
    await eventually(
      async () => /Config applied .*system\/general\.systems_config started=1/.test(await log()),
      {
        deadlineMs: 20_000,
      },
    );
  });

  it("5: is well in the eyes of PANIC's /status", async () => {
    const [status, refused] = commandsOf('5. Verify');
    await eventually(
      async () => {
        ping(channel);
        const { code, out } = await run(status ?? '');
        expect(code, out).to.equal(0);
        const beats = out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
        expect(beats.map((beat) => beat['component_name'])).to.deep.equal(
          FAMILY_NAMES.map((family) => FAMILIES[family].managerName),
        );
        for (const beat of beats) {
          expect(Date.now() / 1000 - Number(beat['timestamp'])).to.be.below(40);
          expect(beat['dead_processes']).to.deep.equal([]);
        }
        expect(beats[0]?.['running_processes']).to.include('System monitor (backup host)');
        return true;
      },
      { deadlineMs: 30_000, everyMs: 500 },
    );
    expect(redis.has('panic_alerter:c1_Vedette Monitors Manager')).to.equal(true);
    expect((await run(refused ?? '')).code).to.equal(0);
  });

  it('6: goes, and the six work as before', async () => {
    const [stop, clean] = commandsOf('6. The way back');
    const stopped = await run(stop ?? '');
    expect(stopped.code, stopped.out).to.equal(0);
    expect(consumersIn(stopped.out)).to.deep.equal(each(0));
    // The same flags still: a declaration with others would end this channel.
    await declarePanic(channel);
    old = await startOldManagers(rabbit.url);
    ping(channel);
    await eventually(() => redis.get('panic_alerter:c1_Node Monitors Manager')?.includes('of old') === true);
    const cleaned = await run(clean ?? '');
    expect(cleaned.code, cleaned.out).to.equal(0);
    expect(await rabbit.ctl('list_queues', 'name')).to.not.include('vedette');
  });

  it('holds no command that was not run', () => {
    const all = [...GUIDE.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1] ?? '');
    expect(STEPS.flatMap(commandsOf)).to.deep.equal(all);
    expect(new Set(done)).to.deep.equal(new Set(all));
    expect(
      [...GUIDE.matchAll(/^```(\w*)$/gm)].filter(([, word]) => word !== '' && word !== 'sh'),
    ).to.deep.equal([]);
  });
});
