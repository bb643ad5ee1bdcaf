/** Vedette itself: manager, broker, memory, config. */
import type { ComponentChildren, JSX } from 'preact';
import type { LinkWord, Status } from '../api/types.js';
import { now, status } from '../live/status.js';
import { bytes, counted, duration, wholeNumber } from '../model/format.js';
import type { Shape, Tone } from '../model/condition.js';
import { Glyph } from './glyph.js';

const LINKS: Readonly<Record<LinkWord, readonly [Tone, Shape]>> = {
  connected: ['good', 'check'],
  connecting: ['note', 'half'],
  blocked: ['warn', 'diamond'],
  disconnected: ['bad', 'cross'],
  closed: ['idle', 'square'],
};

export function SystemCards(): JSX.Element | null {
  const known = status.value;
  if (known === null) return null;
  const refused = Object.values(known.configs.refusedByCode).reduce((sum, count) => sum + count, 0);
  const [linkTone, linkShape] = LINKS[known.brokerLink] ?? ['idle', 'ring'];
  return (
    <section class="card" aria-labelledby="vedette">
      <h2 id="vedette">Vedette itself</h2>
      <dl class="facts">
        <Fact name="Manager">
          <Ready status={known} />
        </Fact>
        <Fact name="Running for">{duration(now.value - known.startedAt)}</Fact>
        <Fact name="Broker">
          <span class={`sign tone-${linkTone}`}>
            <Glyph shape={linkShape} tone={linkTone} />
            <span class="sign-word">{known.brokerLink}</span>
          </span>
        </Fact>
        <Fact name="Memory">
          {bytes(known.memory.residentBytes)}{' '}
          <span class="quiet">({bytes(known.memory.heapBytes)} heap)</span>
        </Fact>
        <Fact name="Configs">
          {wholeNumber(known.configs.accepted)} taken
          {refused + known.configs.parked > 0 && (
            <>
              {', '}
              <a href="#/config">{counted(refused + known.configs.parked, 'refusal')}</a>
            </>
          )}
        </Fact>
        <Fact name="Pages open">{wholeNumber(known.eventClients)}</Fact>
        <Fact name="Version">{known.version}</Fact>
      </dl>
    </section>
  );
}

export function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Ready({ status: { isReady, state, missing } }: { readonly status: Status }): JSX.Element {
  const tone = isReady ? 'good' : 'bad';
  return (
    <span class={`sign tone-${tone}`}>
      <Glyph shape={isReady ? 'check' : 'triangle'} tone={tone} />
      <span class="sign-word">{isReady ? state : missing.join(', ')}</span>
    </span>
  );
}
