/** What a cell runs: worker threads on behalf of the host that forked it. Decides nothing. */
import { createVitals } from '@vedette/contract';
import { DenseHost } from './dense.js';
import type { Host, WorkerHandle } from './host.js';
import { HostLine } from './host-line.js';
import type { FromCell, ToCell } from './process-protocol.js';
import { VitalsTeller } from './vitals-teller.js';

/** The host sacrifices the cell for a thread that cannot be ended; nothing here waits for that. */
const KILL_DEADLINE_MS = 500;

const workers = new Map<number, WorkerHandle>();
const hosts = new Map<string, Host>();
const line = new HostLine<ToCell, FromCell>((message) => {
  switch (message.to) {
    case 'cell':
      spawn(message);
      return;
    case 'worker':
      workers.get(message.key)?.send(message.message);
      return;
    case 'kill':
      void workers.get(message.key)?.kill();
  }
});
const teller = new VitalsTeller((changed) => {
  line.send({ from: 'vitals', changed });
});

function spawn({ key, entry, start, density }: Extract<ToCell, { to: 'cell' }>): void {
  const vitals = createVitals();
  const options = { entry: fromText(entry), killDeadlineMs: KILL_DEADLINE_MS };
  const host = hosts.get(entry) ?? new DenseHost({ ...options, density, onFull });
  hosts.set(entry, host);
  const worker = host.spawn({ ...start, vitals, slot: 0 });
  workers.set(key, worker);
  teller.add(key, vitals, start.beatMs / 4);
  worker.onMessage((message) => {
    line.send({ from: 'worker', key, message });
  });
  void worker.exited.then((exit) => {
    workers.delete(key);
    teller.remove(key);
    line.send({ from: 'exit', key, exit });
  });
}

function onFull(isFull: boolean): void {
  line.send({ from: 'doubt', isBegun: isFull });
}

function fromText(entry: string): URL | string {
  return entry.startsWith('file:') ? new URL(entry) : entry;
}
