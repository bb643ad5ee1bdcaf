/**
 * What a bench measures with: built scripts, one process of sources, one private RabbitMQ, each started when
 * first asked for. Promise: `close()` leaves nothing alive and nothing on disk.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { ROOT } from '../../test/support/root.js';
import { startRabbit, type Rabbit } from '../../test/support/rabbitmq.js';
import { buildInto, type Script, type WorkerFiles } from './build.js';
import { Children } from './child.js';
import { HOSTS, type HostCase } from './hosts.js';
import type { Progress } from './progress.js';
import type { Surroundings } from './fleet.js';
import type { SourceUrls } from './source-urls.js';

export interface LabOptions {
  /** Fewer samples: to see that it works, not to quote. */
  readonly isQuick: boolean;
  /** Only these numbers of monitors, where a bench measures several; null for all. */
  readonly numbers: readonly number[] | null;
  readonly progress: Progress;
  /** The hosts to go through; default all. */
  readonly hosts?: readonly HostCase[];
  /** One of a run of all benches, which has to end in time. Default false. */
  readonly isWhole?: boolean;
}

const RABBIT_START_MS = 1_000;
const MEASURE_DEADLINE_MS = 240_000;
/** Where a bench has no budget. */
const LONGEST_MS = 3_600_000;
/** Nothing can be measured in less. */
const LEAST_MS = 3_000;
/** Of the whole node it would be mostly noise: asking alone moves megabytes. */
const BROKER_MEMORY = `begin [garbage_collect(P) || P <- processes()], lists:sum([Bytes || {What, Bytes} <- rabbit_vm:memory(),
  lists:member(What, [connection_readers, connection_writers, connection_channels, connection_other])]) end`;
/** As PANIC's transformers declare theirs, but bounded: nobody reads it. */
const RESULTS_QUEUE = 'bench_results_queue';

export class Lab {
  readonly isQuick: boolean;
  readonly numbers: readonly number[] | null;
  readonly progress: Progress;
  readonly hosts: readonly HostCase[];
  readonly isWhole: boolean;
  /** For stores and built scripts; removed at the end. */
  readonly folder: string;
  readonly #children = new Children();
  #files: Promise<WorkerFiles> | null = null;
  #rabbit: Promise<Rabbit> | null = null;
  #shortFolder: string | null = null;
  #sources: Promise<SourceUrls> | null = null;
  #endsAt = performance.now() + LONGEST_MS;
  /** What fails from now on fails because of it. */
  isClosed = false;

  constructor(options: LabOptions) {
    this.isQuick = options.isQuick;
    this.numbers = options.numbers;
    this.progress = options.progress;
    this.hosts = options.hosts ?? HOSTS;
    this.isWhole = options.isWhole ?? false;
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    this.folder = mkdtempSync(join(ROOT, '.cache', 'bench-'));
  }

  /** For programs whose sockets need a short path; removed at the end. */
  shortFolder(): string {
    this.#shortFolder ??= mkdtempSync(join(tmpdir(), 'vedette-bench-'));
    return this.#shortFolder;
  }

  /** From now on `budgetMs` are left: what is begun later than that is not measured. */
  allow(budgetMs: number): void {
    this.#endsAt = performance.now() + budgetMs;
  }

  /** Of the bench's time budget, milliseconds. */
  leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  files(): Promise<WorkerFiles> {
    this.#files ??= buildInto(this.folder);
    return this.#files;
  }

  /** URL of a RabbitMQ of our own on which raw data and heartbeats reach a queue. */
  async amqpUrl(): Promise<string> {
    this.#rabbit ??= this.#startRabbit();
    return (await this.#rabbit).url;
  }

  /** Sources answer from a process of their own, so that their cost is in no measurement. */
  sources(): Promise<SourceUrls> {
    this.#sources ??= this.#startSources();
    return this.#sources;
  }

  /** What every measuring process is given. */
  async surroundings(): Promise<Surroundings> {
    return { amqpUrl: await this.amqpUrl(), sources: await this.sources(), files: await this.files() };
  }

  /** A number Erlang can compute of the broker, for example its memory. */
  async brokerNumber(expression: string): Promise<number> {
    await this.amqpUrl();
    return Number(await (await this.#rabbit)?.ctl('eval', `${expression}.`));
  }

  /**
   * What measuring scripts may ask: `broker-memory` (bytes the broker holds for connections and their channels,
   * after a collection), and `connections` (when each that is open was opened, epoch milliseconds).
   */
  async #answer(question: string): Promise<unknown> {
    if (question === 'broker-memory') return this.brokerNumber(BROKER_MEMORY);
    await this.amqpUrl();
    const text = (await (await this.#rabbit)?.ctl('list_connections', 'connected_at')) ?? '';
    return text.split('\n').map(Number).filter(Boolean);
  }

  /** Runs a script of `measured/` in a fresh process; within the time budget. */
  async measure<T>(script: Script, args: object, env: Readonly<Record<string, string>> = {}): Promise<T> {
    await this.files();
    if (this.leftMs() < LEAST_MS) throw new Error('the time budget of the bench is used up');
    return this.#children.ask<T>(this.#path(script), args, {
      env,
      deadlineMs: Math.min(MEASURE_DEADLINE_MS, this.leftMs()),
      progress: this.progress,
      answer: (question) => this.#answer(question),
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.#children.endAll();
    const rabbit = this.#rabbit;
    this.#rabbit = null;
    // One that is only starting ends by itself, soon after this process.
    const started = await Promise.race([rabbit?.catch(() => null), briefly()]);
    await started?.stop();
    rmSync(this.folder, { recursive: true, force: true });
    if (this.#shortFolder !== null) rmSync(this.#shortFolder, { recursive: true, force: true });
  }

  #path(script: Script): string {
    return join(this.folder, `${script}.mjs`);
  }

  async #startSources(): Promise<SourceUrls> {
    await this.files();
    const child = this.#children.fork(this.#path('sources'));
    child.send({ root: ROOT });
    const [word] = (await once(child, 'message')) as [{ value: SourceUrls }];
    return word.value;
  }

  async #startRabbit(): Promise<Rabbit> {
    this.progress('starting a private RabbitMQ');
    await provideRabbit();
    const rabbit = await startRabbit();
    const connection = await connect(rabbit.url);
    const channel = await connection.createChannel();
    await channel.assertQueue(RESULTS_QUEUE, { durable: true, arguments: { 'x-max-length': 1_000 } });
    for (const [exchange, pattern] of [
      ['raw_data', '#'],
      ['health_check', 'heartbeat.*'],
    ] as const) {
      await channel.assertExchange(exchange, 'topic', { durable: true });
      await channel.bindQueue(RESULTS_QUEUE, exchange, pattern);
    }
    await connection.close();
    return rabbit;
  }
}

function briefly(): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(null);
    }, RABBIT_START_MS).unref();
  });
}

/** Installs Debian's package where it is missing and that can be done. */
async function provideRabbit(): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, '.ci', 'rabbitmq.mjs')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`there is no RabbitMQ to measure with:\n${said.trimEnd()}`);
}
