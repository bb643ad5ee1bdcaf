/** Changes of config as a table for people. Pure. */
import { printable } from '@vedette/contract';
import { layOut, type Column } from '../table/columns.js';

export interface RefusalShown {
  readonly code: string;
  readonly configId: string | null;
  readonly reason: string;
  readonly remedy: string;
}

/** What a config message changes for one of PANIC's managers, as the API says it. */
export interface PlanShown {
  readonly scope: string;
  /** False: the message as a whole is refused. */
  readonly isUsable: boolean;
  readonly started: readonly string[];
  readonly restarted: readonly string[];
  readonly stopped: readonly string[];
  readonly kept: number;
  readonly refusals: readonly RefusalShown[];
}

const COLUMNS: readonly Column[] = [
  { title: 'SCOPE', maxWidth: 60 },
  { title: 'CHANGE', maxWidth: 8 },
  { title: 'MONITOR', maxWidth: 120 },
];

/** What needs a look first; scopes without anything in them are left out. No line but those of refusals is longer than `width`. */
export function planText(plans: readonly PlanShown[], isApplied: boolean, width: number): string[] {
  const rows = plans.flatMap(({ scope, started, restarted, stopped, kept }) => [
    ...stopped.map((id) => [scope, 'stop', id]),
    ...restarted.map((id) => [scope, 'restart', id]),
    ...started.map((id) => [scope, 'start', id]),
    ...(kept > 0 ? [[scope, 'keep', `${kept} as they are`]] : []),
  ]);
  const refused = plans.flatMap(({ scope, isUsable, refusals }) =>
    refusals.length === 0
      ? []
      : [
          `refused of ${printable(scope)}${isUsable ? '' : ', which is not usable as a whole'}:`,
          ...refusals.flatMap(refusalLines),
        ],
  );
  const table = rows.length === 0 ? [] : layOut(COLUMNS, rows, width);
  return [...table, ...refused, sumOf(plans, isApplied)];
}

/** `  CODE id: reason` and, below it, what to do. */
export function refusalLines({ code, configId, reason, remedy }: RefusalShown): string[] {
  const who = configId === null ? '' : `${configId}: `;
  return [printable(`  ${code} ${who}${reason}`), printable(`    ${remedy}`)];
}

function sumOf(plans: readonly PlanShown[], isApplied: boolean): string {
  const sum = (count: (plan: PlanShown) => number): number =>
    plans.reduce((all, plan) => all + count(plan), 0);
  const parts = [
    `${sum(({ started }) => started.length)} to start`,
    `${sum(({ restarted }) => restarted.length)} to restart`,
    `${sum(({ stopped }) => stopped.length)} to stop`,
    `${sum(({ kept }) => kept)} kept`,
    `${sum(({ refusals }) => refusals.length)} refused`,
  ];
  return `${isApplied ? 'applied' : 'not applied'}: ${parts.join(', ')}`;
}
