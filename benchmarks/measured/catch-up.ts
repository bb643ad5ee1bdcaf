/** Rounds of the bundled Cosmos node monitor that have 89 heights to check, and the same requests in a row. */
import { performance } from 'node:perf_hooks';
import { httpRequest, type MonitorDefinition } from '@vedette/monitor';
import { cosmosNodeStrategy } from '@vedette/monitors-cosmos';
import { identity, playRound } from '../../test/support/monitor-round.js';
import { serve } from '../lib/serve.js';

export interface CatchUpArgs {
  readonly url: string;
  readonly inFlightUrl: string;
  readonly rounds: number;
  readonly floors: number;
}
export interface CatchUpResult {
  readonly heights: number;
  /** Milliseconds. */
  readonly rounds: number[];
  readonly floors: number[];
  readonly mostInFlight: number;
}

const HEIGHTS = 89;
const CURRENT = 1_000;
const DEADLINE_MS = 60_000;

serve(async ({ url, inFlightUrl, rounds, floors }: CatchUpArgs, progress): Promise<CatchUpResult> => {
  const { spec } = cosmosNodeStrategy.declare({
    kind: 'cosmos-node',
    id: 'val',
    name: 'val',
    chain: 'bench',
    baseChain: 'cosmos',
    parentId: 'bench',
    periodMs: null,
    limits: {},
    settings: { rpcUrl: url, isValidator: true },
  });
  if (spec === null) throw new Error('the settings were refused');
  const module = (await import(spec.module)) as { default: { default: MonitorDefinition } };
  const result: CatchUpResult = { heights: HEIGHTS, rounds: [], floors: [], mostInFlight: 0 };
  for (let sample = 1; sample <= rounds; sample += 1) {
    progress(`catch-up: round ${sample} of ${rounds}`);
    const began = performance.now();
    const { result: played } = await playRound(module.default.default, {
      settings: spec.settings,
      monitor: identity('cosmos-node', 'val', 'Node monitor (val)', 'val'),
      state: { rpc: { lastHeight: CURRENT - HEIGHTS, chainId: 'test-1' } },
      deadlineMs: DEADLINE_MS,
    });
    result.rounds.push(performance.now() - began);
    const checked = played.facts?.['blocks_checked'];
    if (checked !== HEIGHTS) throw new Error(`${String(checked)} heights were checked`);
  }
  const { body } = await httpRequest({ url: inFlightUrl });
  for (let sample = 1; sample <= floors; sample += 1) {
    progress(`catch-up: one after another, ${sample} of ${floors}`);
    const began = performance.now();
    await inARow(url);
    result.floors.push(performance.now() - began);
  }
  return { ...result, mostInFlight: Number(body.toString()) };
});

/** What a round asks for when every block was signed: status, newest block, then two requests for each height. */
async function inARow(url: string): Promise<void> {
  const paths = ['/status', '/block'];
  for (let height = CURRENT - HEIGHTS + 1; height <= CURRENT; height += 1) {
    if (height < CURRENT) paths.push(`/block?height=${height}`);
    paths.push(`/block_results?height=${height}`);
  }
  for (const path of paths) JSON.parse((await httpRequest({ url: `${url}${path}` })).body.toString());
}
