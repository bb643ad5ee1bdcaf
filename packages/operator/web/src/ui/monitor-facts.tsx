/** Figures of a monitor's run, as words. */
import type { JSX } from 'preact';
import type { MonitorDetail } from '../api/types.js';
import { bytes, duration, wholeNumber } from '../model/format.js';
import { Foreign } from './name.js';
import { Fact } from './system-cards.js';

export function MonitorFacts({ monitor }: { readonly monitor: MonitorDetail }): JSX.Element {
  const { memory, rounds, host, restartsByCause } = monitor;
  const causes = Object.entries(restartsByCause).filter(([, count]) => count > 0);
  return (
    <section class="card" aria-labelledby="run">
      <h2 id="run">Its run</h2>
      <dl class="facts">
        <Fact name="Id">
          <Foreign text={monitor.id} most={300} />
        </Fact>
        <Fact name="Period">{duration(monitor.periodMs)}</Fact>
        <Fact name="Run">{wholeNumber(monitor.attempt)}</Fact>
        <Fact name="Rounds in it">{rounds === null ? 'none' : wholeNumber(rounds)}</Fact>
        <Fact name="Restarts">
          {wholeNumber(monitor.restarts)}
          {causes.length > 0 && (
            <span class="quiet"> ({causes.map(([cause, count]) => `${count} × ${cause}`).join(', ')})</span>
          )}
        </Fact>
        <Fact name="Runs in">{host ?? 'nothing now'}</Fact>
        <Fact name="Broker link">{monitor.link}</Fact>
        {memory !== null && (
          <Fact name="Memory">
            {bytes(memory.heapBytes)} <span class="quiet">heap, {bytes(memory.externalBytes)} beside it</span>
          </Fact>
        )}
        {monitor.replaced > 0 && <Fact name="Messages replaced">{wholeNumber(monitor.replaced)}</Fact>}
        <Fact name="PANIC's name">
          <Foreign text={monitor.componentName} />
        </Fact>
        <Fact name="Revision">
          <code>{monitor.revision.slice(0, 12)}</code>
        </Fact>
      </dl>
    </section>
  );
}
