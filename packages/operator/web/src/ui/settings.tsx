/** Settings of a monitor, as the server shows them: with credentials masked. */
import type { JSX } from 'preact';
import { linesOf } from '../model/settings.js';
import { Foreign } from './name.js';

export function Settings({
  settings,
}: {
  readonly settings: Readonly<Record<string, unknown>>;
}): JSX.Element {
  return (
    <section class="card" aria-labelledby="settings">
      <h2 id="settings">
        Settings <span class="quiet">credentials are masked</span>
      </h2>
      <dl class="facts">
        {linesOf(settings).map(({ name, value }) => (
          <div class="fact" key={name}>
            <dt>
              <Foreign text={name} most={80} />
            </dt>
            <dd>
              <Foreign text={value} most={400} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
