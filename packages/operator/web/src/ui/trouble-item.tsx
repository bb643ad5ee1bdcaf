/** One monitor that needs somebody: what is wrong, since when, what to do. */
import type { JSX } from 'preact';
import type { MonitorRow } from '../api/types.js';
import { now } from '../live/status.js';
import { about, conditionOf } from '../model/condition.js';
import { ago } from '../model/format.js';
import { monitorHash } from '../model/route.js';
import { ConditionSign } from './glyph.js';
import { kindError } from '../live/kinds.js';
import { Foreign } from './name.js';

export function TroubleItem({ row }: { readonly row: MonitorRow }): JSX.Element {
  const condition = conditionOf(row);
  return (
    <li class={`trouble tone-${about(condition).tone}`}>
      <div class="trouble-head">
        <ConditionSign condition={condition} />
        <a class="trouble-name" href={monitorHash(row.id)}>
          <Foreign text={row.name} />
        </a>
        <span class="quiet">
          {row.kind}
          {row.chain !== '' && (
            <>
              {' · '}
              <Foreign text={row.chain} most={60} />
            </>
          )}
        </span>
        {row.since !== null && condition !== 'reporting' && (
          <span class="quiet when">{ago(row.since, now.value)}</span>
        )}
      </div>
      <Why row={row} />
    </li>
  );
}

function Why({ row }: { readonly row: MonitorRow }): JSX.Element {
  const { error, reportedCode } = row;
  const condition = conditionOf(row);
  if (condition === 'reporting' && reportedCode !== null) {
    return (
      <p class="why">
        <code>{reportedCode}</code> {kindError(row.kind, reportedCode) ?? 'an error of what it watches'}
      </p>
    );
  }
  if (error === null) return <p class="why">{about(condition).what}</p>;
  return (
    <p class="why">
      {error.code !== null && <code>{error.code}</code>} <Foreign text={error.message} most={300} />
      {error.remedy !== null && <span class="remedy">{error.remedy}</span>}
    </p>
  );
}
