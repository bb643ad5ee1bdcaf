/** Floor of the process host: a plain fork for each monitor, its words passed on and nothing else. */
import { fork, type ChildProcess } from 'node:child_process';
import type { FromWorker, StartData, ToWorker } from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from '@vedette/supervisor';

export class BareProcessHost implements Host {
  readonly #script: string;

  constructor(script: string) {
    this.#script = script;
  }

  spawn({ vitals: _vitals, ...start }: StartData): WorkerHandle {
    const child = fork(this.#script, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.send(start);
    return new BareProcess(child);
  }
}

class BareProcess implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.hostId = `process:${String(child.pid)}`;
    this.exited = new Promise((resolve) => {
      child.once('exit', (code) => {
        resolve({ reason: 'exited', code, error: null });
      });
    });
  }

  send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#child.on('message', listener);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
