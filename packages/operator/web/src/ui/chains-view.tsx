/** Monitors by chain, the heights of its nodes beside each other. */
import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { rows } from '../live/fleet.js';
import { barOf, chainsOf, type Chain, type ChainNode } from '../model/chains.js';
import { conditionOf } from '../model/condition.js';
import { counted, wholeNumber } from '../model/format.js';
import { monitorHash, tableHash } from '../model/route.js';
import { ConditionSign } from './glyph.js';
import { Foreign } from './name.js';

/** Of nodes and others each; the table has all of them. */
const SHOWN = 30;

export function ChainsView(): JSX.Element {
  const chains = useComputed(() => chainsOf(rows.value)).value;
  return (
    <>
      <div class="view-head">
        <h1>Chains</h1>
        <p class="quiet">
          Heights as of each monitor's last round. A whole bar is the highest node; each power of ten of
          blocks behind it takes a quarter.
        </p>
      </div>
      {chains.length === 0 && <p class="empty">No monitor watches a chain.</p>}
      <div class="chains">
        {chains.map((chain) => (
          <ChainCard key={chain.key} chain={chain} />
        ))}
      </div>
    </>
  );
}

function ChainCard({ chain }: { readonly chain: Chain }): JSX.Element {
  const { nodes, others, name, base, head, attention } = chain;
  // Those behind are why one looks; a long chain shows them rather than those in step.
  const shown = nodes.length <= SHOWN ? nodes : [...nodes.slice(0, 3), ...nodes.slice(3 - SHOWN)];
  const hidden = nodes.length - shown.length + Math.max(0, others.length - SHOWN);
  return (
    <section class="card chain" aria-label={`Chain ${name.slice(0, 100)}`}>
      <div class="chain-head">
        <h2>
          <Foreign text={name} most={80} />
          {base !== '' && <span class="quiet"> {base}</span>}
        </h2>
        <p class="chain-figure">{head === null ? <span class="quiet">no height</span> : wholeNumber(head)}</p>
      </div>
      <p class="quiet">
        {counted(nodes.length + others.length, 'monitor')}
        {attention > 0 && `, ${attention === 1 ? 'one needs' : `${wholeNumber(attention)} need`} attention`}
      </p>
      {nodes.length > 0 && (
        <ul class="heights">
          {shown.map((node) => (
            <NodeLine key={node.row.id} node={node} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul class="others">
          {others.slice(0, SHOWN).map((row) => (
            <li key={row.id}>
              <a href={monitorHash(row.id)}>
                <Foreign text={row.name} />
              </a>
              <span class="quiet other-figure">
                <Foreign text={row.keyFigure === '' ? row.kind : row.keyFigure} most={60} />
              </span>
              <ConditionSign condition={conditionOf(row)} />
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <p class="more">
          <a href={tableHash({ chain: name })}>{wholeNumber(hidden)} more in the table</a>
        </p>
      )}
    </section>
  );
}

function NodeLine({
  node: { row, height, lag, finalized, isSyncing },
}: {
  readonly node: ChainNode;
}): JSX.Element {
  const condition = conditionOf(row);
  return (
    <li class="height">
      <a class="height-name" href={monitorHash(row.id)}>
        <Foreign text={row.name} />
      </a>
      <ConditionSign condition={condition} />
      <span class="height-value">{wholeNumber(height)}</span>
      <span class={lag === 0 ? 'height-lag quiet' : 'height-lag'}>
        {lag === 0 ? 'head' : `−${wholeNumber(lag)}`}
      </span>
      <svg class="height-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="height-track" width="100" height="4" />
        <rect class={lag > 10 ? 'height-fill is-behind' : 'height-fill'} width={barOf(lag)} height="4" />
      </svg>
      {(isSyncing || finalized !== null) && (
        <span class="height-note quiet">
          {isSyncing && 'catching up '}
          {finalized !== null && `final ${wholeNumber(finalized)}`}
        </span>
      )}
    </li>
  );
}
