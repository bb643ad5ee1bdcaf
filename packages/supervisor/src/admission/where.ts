/** Where one more monitor runs: the first host of its choice that has room. Pure; the live host and the plan ask it. */
import { AUTO_ORDER, type HostChoice, type HostWord, type MonitorSpec } from '@vedette/contract';
import { admit, SHARE, sum, type Limits, type Numbers, type Shortage } from './admit.js';
import { HOST_COSTS, NOTHING, type Cost, type Sizes } from './costs.js';

export type Where =
  | { readonly type: 'run'; readonly host: HostWord; readonly cost: Cost }
  /** `host`: the first that was asked. */
  | { readonly type: 'refused'; readonly host: HostWord; readonly shortage: Shortage };

/** `costOn`: of this monitor on a host, what it shares with others included if that must be begun for it. */
export function whereToRun(
  choice: HostChoice,
  costOn: (host: HostWord) => Cost,
  numbers: Numbers,
  limits: Limits,
  share: number = SHARE,
): Where {
  const ask = (host: HostWord, isLast: boolean): Where => {
    const cost = costOn(host);
    const verdict = admit(numbers, limits, cost, { isLast }, share);
    if (verdict.type === 'run-here') return { type: 'run', host, cost };
    return { type: 'refused', host, shortage: verdict.shortage };
  };
  const [first, ...others] = choice === 'auto' ? AUTO_ORDER : ([choice] as const);
  const answer = ask(first, others.length === 0);
  if (answer.type === 'run') return answer;
  for (const [index, host] of others.entries()) {
    const elsewhere = ask(host, index === others.length - 1);
    if (elsewhere.type === 'run') return elsewhere;
  }
  return answer;
}

/** `live`: monitors the host has now. A new container is begun when those there are full. */
export function costOf(
  host: HostWord,
  { limits, isPackable }: Pick<MonitorSpec, 'limits' | 'isPackable'>,
  live: number,
  sizes: Sizes,
  isEmbedded: boolean,
): Cost {
  // One that shares no thread has one of its own, also where the others share.
  const isAlone = isPackable === false && (host === 'dense' || host === 'pool');
  const { monitor, container, perContainer } = HOST_COSTS[isAlone ? 'thread' : host];
  const size = perContainer(sizes);
  const isNew = size !== null && live % size === 0;
  const cost = sum(monitor(limits), isNew ? container : NOTHING);
  return isEmbedded ? { ...cost, connections: 0 } : cost;
}
