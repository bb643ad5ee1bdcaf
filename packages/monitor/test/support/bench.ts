/** A run loop under a clock the test moves, with a publisher that answers as told. */
import { VitalsReader, VitalsWriter, type FromWorker, type StartData } from '@vedette/contract';
import type { MonitorDefinition } from '../../src/define-monitor.js';
import { RunLoop } from '../../src/worker/run-loop.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { CapturedPublisher } from '../../src/testing/captured-publisher.js';
import { aStart, type StartOptions } from './start-data.js';

export type Message<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

export const never = new Promise<never>(() => undefined);
export const aMessage = { routingKey: 'node.evm', body: { result: 1 } };

/** `at` is the time since the start. */
export class Bench {
  readonly clock = new FakeClock();
  readonly publisher = new CapturedPublisher();
  readonly posted: FromWorker[] = [];
  readonly start: StartData;
  readonly loop: RunLoop;
  readonly vitals: VitalsReader;
  readonly #begunAt = this.clock.monotonic();
  ended: boolean | null = null;

  constructor(
    definition: Partial<MonitorDefinition>,
    options: StartOptions = {},
    load?: () => Promise<MonitorDefinition>,
  ) {
    this.start = aStart(options);
    this.vitals = new VitalsReader(this.start.vitals);
    this.loop = new RunLoop({
      start: this.start,
      load: load ?? (() => Promise.resolve({ round: () => ({ messages: [] }), ...definition })),
      publisher: this.publisher,
      vitals: new VitalsWriter(this.start.vitals),
      clock: this.clock,
      post: (message) => this.posted.push(structuredClone(message)),
    });
    void this.loop.run().then((isStopped) => {
      this.ended = isStopped;
    });
  }

  get at(): number {
    return this.clock.monotonic() - this.#begunAt;
  }

  of<T extends FromWorker['type']>(type: T): Message<T>[] {
    return this.posted.filter((message): message is Message<T> => message.type === type);
  }

  get rounds(): Message<'round-ended'>[] {
    return this.of('round-ended');
  }
}
