/** One row of the table. Promise: it is drawn anew only when something of it changed. */
import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import type { MonitorRow } from '../api/types.js';
import { goTo } from '../live/address.js';
import { now } from '../live/status.js';
import { conditionOf } from '../model/condition.js';
import { ago, duration, wholeNumber } from '../model/format.js';
import { monitorHash } from '../model/route.js';
import { ConditionSign, WordSign } from './glyph.js';
import { Foreign } from './name.js';

interface RowProps {
  readonly row: MonitorRow;
  /** From 0, of all that are shown. */
  readonly index: number;
  /** Pixels from the begin of the list. */
  readonly top: number;
  readonly isChosen: boolean;
}

export const TableRow = memo(Row);

function Row({ row, index, top, isChosen }: RowProps): JSX.Element {
  const hash = monitorHash(row.id);
  return (
    <div
      class={isChosen ? 'grid-row is-chosen' : 'grid-row'}
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        // A link of its own opens as the browser does it, also in another tab.
        if (!(event.target as Element).closest('a')) goTo(hash);
      }}
    >
      <div class="cell cell-condition" role="gridcell">
        <ConditionSign condition={conditionOf(row)} />
      </div>
      <div class="cell cell-name" role="gridcell">
        <a href={hash} tabIndex={-1}>
          <Foreign text={row.name} />
        </a>
      </div>
      <div class="cell cell-kind" role="gridcell">
        {row.kind}
      </div>
      <div class="cell cell-chain" role="gridcell">
        <Foreign text={row.chain} />
      </div>
      <div class="cell cell-state" role="gridcell">
        <WordSign what="state" word={row.state} />
      </div>
      <div class="cell cell-health" role="gridcell">
        <WordSign what="health" word={row.health} />
      </div>
      <div class="cell cell-figure" role="gridcell">
        <Foreign text={row.keyFigure} />
      </div>
      <div class="cell cell-round" role="gridcell">
        <LastRound row={row} />
      </div>
      <div class="cell cell-restarts" role="gridcell">
        {wholeNumber(row.restarts)}
      </div>
    </div>
  );
}

/** By itself, so that only it follows the clock. */
function LastRound({ row: { lastRound } }: { readonly row: MonitorRow }): JSX.Element {
  if (lastRound === null) return <span class="quiet">none yet</span>;
  return (
    <>
      {ago(lastRound.at, now.value)} <span class="quiet">{duration(lastRound.durationMs)}</span>
    </>
  );
}
