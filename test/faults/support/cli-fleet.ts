/** The built command with a hundred monitors of the light kind on a broker, as an operator would run it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVedette, type Ended, type Vedette } from '../../support/vedette.js';
import { startRabbit, type Rabbit } from '../../support/rabbitmq.js';
import { eventually } from '../../support/eventually.js';
import { neighbourIds } from './neighbours.js';
import { CULPRITS_KEY, entriesOf, NEIGHBOURS_KEY, RabbitSide } from './rabbit-side.js';

const STRATEGY = fileURLToPath(new URL('./light-strategy.mjs', import.meta.url));

export const ALL = neighbourIds().map((id) => `light:${id}`);
export const RESTORED = /Config applied .*scope=restored started=100/;

export interface StartOptions {
  readonly url?: string;
  readonly words?: readonly string[];
  /** Default 1. */
  readonly periodSeconds?: number;
}

export class CliFleet {
  readonly rabbit: Rabbit;
  readonly side: RabbitSide;
  folder = '';
  readonly #running: Vedette[] = [];
  #isReusable = false;

  private constructor(rabbit: Rabbit, side: RabbitSide) {
    this.rabbit = rabbit;
    this.side = side;
  }

  static async open(): Promise<CliFleet> {
    const rabbit = await startRabbit();
    return new CliFleet(rabbit, await new RabbitSide(rabbit).plug());
  }

  get state(): string {
    return join(this.folder, 'state');
  }

  start({ url = this.rabbit.url, words = [], periodSeconds = 1 }: StartOptions = {}): Vedette {
    const args = ['run', '--broker', url, '--state', this.state, '--strategy', STRATEGY];
    const vedette = startVedette([...args, ...words], {
      env: { LIGHT_MONITOR_PERIOD_SECONDS: String(periodSeconds) },
    });
    this.#running.push(vedette);
    return vedette;
  }

  /** A manager that consumes, with a hundred monitors up. */
  async #startWithAll(options: StartOptions = {}): Promise<Vedette> {
    const vedette = this.start(options);
    await eventually(async () => (await this.side.consumers()) === 1, {
      deadlineMs: 30_000,
      what: 'a consumer',
    });
    this.side.send(NEIGHBOURS_KEY, entriesOf(neighbourIds()));
    await vedette.says(/Config applied .*started=100/, 30_000);
    await this.allRun(vedette);
    return vedette;
  }

  /** Each of the hundred was up once, by the manager's own account. */
  async allRun(vedette: Vedette): Promise<void> {
    const areUp = (): boolean => {
      const ids = [...vedette.stderr().matchAll(/Monitor is running {2}monitorId=(\S+)/g)].map(
        ([, id]) => id,
      );
      return ALL.every((id) => ids.includes(id));
    };
    await eventually(areUp, { deadlineMs: 60_000, everyMs: 100, what: 'all monitors running' });
  }

  /** The manager at work, with nothing but the hundred: the one a case before left, or a new one. */
  async atWork(): Promise<Vedette> {
    const last = this.#running.at(-1);
    const isAlive = last !== undefined && last.child.exitCode === null && last.child.signalCode === null;
    if (isAlive && this.#isReusable) {
      const taken = this.count(last, 'Config applied');
      this.side.send(CULPRITS_KEY, {});
      await eventually(() => this.count(last, 'Config applied') > taken, { deadlineMs: 30_000 });
      return last;
    }
    await this.tidy();
    await this.newFolder();
    this.#isReusable = true;
    return this.#startWithAll();
  }

  async newFolder(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'vedette-faults-'));
  }

  /** The next case starts from nothing. */
  spoil(): void {
    this.#isReusable = false;
  }

  /** How often a sentence was logged. */
  count(vedette: Vedette, sentence: string): number {
    return vedette.stderr().split(sentence).length - 1;
  }

  async kill(vedette: Vedette, signal: NodeJS.Signals = 'SIGKILL'): Promise<Ended> {
    vedette.child.kill(signal);
    return vedette.ended;
  }

  /** Ends what the case left running and clears its config from the broker. */
  async tidy(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((one) => one.stop()));
    if (this.folder === '') return;
    await this.side.channel.purgeQueue('github_monitors_manager_configs_queue').catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
    this.folder = '';
  }

  async close(): Promise<void> {
    await this.tidy();
    await this.side.unplug();
    await this.rabbit.stop();
  }
}
