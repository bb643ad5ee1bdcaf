/** Kind `substrate-node`: a node asked about itself, and data sources about its chain. Runs in a worker. */
import { serialiseError } from '@vedette/contract';
import { defineMonitor, type MonitorContext, type MonitorDefinition } from '@vedette/monitor';
import { Account } from '../chain/account.js';
import type { ChainReader } from '../chain/chain-reader.js';
import { Connections, type Connection } from '../chain/connections.js';
import { within, type Patience } from '../chain/patience.js';
import { currentVersion, preload, readerOf, Runtimes } from '../chain/runtimes.js';
import {
  chooseSource,
  fromFirstGood,
  preferring,
  sourceNode,
  type ChoiceOptions,
  type ChosenSource,
  type SourceNode,
} from '../chain/source-choice.js';
import { readChain, readValidator } from './chain.js';
import { finalizedHeightOf, readDirect, type DirectReadings } from './direct.js';
import { substrateNodeFailure } from './failures.js';
import { heightsAfter, readHistory, type History } from './history.js';
import { arePropertiesFresh, memoryOf, readMemory, writeMemory, type NodeMemory } from './memory.js';
import {
  substrateNodeError,
  substrateNodeFacts,
  substrateNodeResult,
  type NodeReadings,
} from './messages.js';
import { chainProperties } from './properties.js';
import type { SubstrateNodeSettings } from './settings.js';

export interface SubstrateTimeouts {
  /** For all of a round; must fit the round limit of 30 s. */
  readonly roundMs: number;
  /** For what the node says of itself, its connection included. */
  readonly directMs: number;
  /** Longest wait for one answer. */
  readonly callMs: number;
}

const TIMEOUTS: SubstrateTimeouts = { roundMs: 24_000, directMs: 10_000, callMs: 6_000 };

type Context = MonitorContext<SubstrateNodeSettings>;

/** What a round works with. */
interface Round {
  readonly context: Context;
  readonly patience: Patience;
  readonly own: SourceNode;
  readonly others: readonly SourceNode[];
}

export function substrateNodeMonitor(timeouts = TIMEOUTS): MonitorDefinition<SubstrateNodeSettings> {
  // Of this thread: connections and metadata outlive a round, and monitors of one thread share them.
  const connections = new Connections();
  const runtimes = new Runtimes();

  return defineMonitor<SubstrateNodeSettings>({
    async open({ monitor, settings, signal }) {
      const { own, others } = nodesOf(settings);
      connections.hold(monitor.id, [own, ...others]);
      await preload(runtimes, connections, [...preferring(others, null), own], signal);
    },
    close({ monitor }) {
      connections.release(monitor.id);
    },
    async round(context, state) {
      const { monitor, settings } = context;
      // Calls nobody waits for any more end with the round.
      const over = new AbortController();
      const begunMs = performance.now();
      const round: Round = {
        context,
        patience: {
          byMs: begunMs + timeouts.roundMs,
          callMs: timeouts.callMs,
          signal: AbortSignal.any([context.signal, over.signal]),
        },
        ...nodesOf(settings),
      };
      connections.hold(monitor.id, [round.own, ...round.others]);
      const progress = { memory: readMemory(state), isOwn: true };
      try {
        const readings = await read(round, progress);
        const requestSeconds = (performance.now() - begunMs) / 1000;
        return {
          messages: [substrateNodeResult(monitor, settings, context.now(), readings)],
          state: writeMemory(progress.memory),
          facts: substrateNodeFacts(readings, requestSeconds),
        };
      } catch (error) {
        const failure = substrateNodeFailure(error, monitor, progress.isOwn);
        if (failure === null) throw error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        return {
          messages: [substrateNodeError(monitor, settings, context.now(), failure)],
          state: writeMemory(progress.memory),
          reported: failure,
        };
      } finally {
        over.abort();
      }
    },
  });

  /** `progress` says how far it came: what is remembered, and whether the node itself was being asked. */
  async function read(round: Round, progress: { memory: NodeMemory; isOwn: boolean }): Promise<NodeReadings> {
    const { settings } = round.context;
    const { direct, genesis } = await readOwn(round);
    progress.isOwn = false;
    round.context.step();
    const stash = settings.isValidator ? new Account(settings.stashAddress) : null;
    progress.memory = memoryOf(progress.memory, genesis, stash?.hex ?? null);
    // The node itself comes last, always.
    const nodes = [...preferring(round.others, progress.memory.lastUrl), round.own];
    return fromFirstGood(connections, nodes, round.patience, choiceFor(round, genesis), async (chosen) => {
      const { readings, memory } = await readFrom(round, chosen, stash, progress.memory);
      progress.memory = { ...memory, lastUrl: chosen.node.url };
      return { direct, ...readings };
    });
  }

  function readOwn(round: Round): Promise<{ direct: DirectReadings; genesis: string }> {
    const patience = within(round.patience, timeouts.directMs);
    const work = async (connection: Connection): Promise<{ direct: DirectReadings; genesis: string }> => ({
      direct: await readDirect(connection, patience),
      genesis: connection.genesis,
    });
    return connections.use(round.own, patience, work, true);
  }

  async function readFrom(
    round: Round,
    chosen: ChosenSource,
    stash: Account | null,
    memory: NodeMemory,
  ): Promise<{ readings: Omit<NodeReadings, 'direct'>; memory: NodeMemory }> {
    const { context, patience } = round;
    const reader = await readerOf(runtimes, chosen.connection, patience);
    const nowMs = context.now();
    const isFresh = arePropertiesFresh(memory, nowMs);
    const [chain, answer] = await Promise.all([
      readChain(reader),
      isFresh ? null : reader.call('system_properties'),
    ]);
    context.step();
    const properties = isFresh ? memory.properties : { value: chainProperties(answer), atMs: nowMs };
    const known = { ...memory, properties };
    const common = { chain, properties: properties?.value ?? chainProperties(null) };
    if (stash === null) {
      return { readings: { ...common, validator: null, blocks: [] }, memory: known };
    }
    const [validator, history] = await Promise.all([
      readValidator(reader, chain, stash, memory.staking),
      readBlocks(round, reader, chosen, stash, memory.lastHeight),
    ]);
    return {
      readings: { ...common, validator: validator.readings, blocks: history.blocks },
      memory: { ...known, staking: validator.memory, lastHeight: history.lastHeight },
    };
  }

  /** From an archive node if one is synced, since it still has blocks that others dropped. */
  async function readBlocks(
    round: Round,
    reader: ChainReader,
    chosen: ChosenSource,
    stash: Account,
    lastHeight: number | null,
  ): Promise<History> {
    const archives = [...round.others, round.own].filter(({ isArchiveNode }) => isArchiveNode);
    const { genesis } = chosen.connection;
    const patience = within(round.patience, timeouts.directMs);
    const found = chosen.node.isArchiveNode
      ? chosen
      : await chooseSource(connections, archives, patience, choiceFor(round, genesis));
    const { node, connection } = found ?? chosen;
    const own =
      connection === reader.connection ? reader : await readerOf(runtimes, connection, round.patience);
    const current = await finalizedHeightOf(connection, round.patience);
    return readHistory({
      reader: own,
      version: await currentVersion(connection, round.patience),
      stash,
      heights: heightsAfter(lastHeight, current, node.isArchiveNode),
      lastHeight,
      runtimeAt: (version, hash) => runtimes.get(connection, version, round.patience, hash),
    });
  }
}

export default substrateNodeMonitor();

function nodesOf(settings: SubstrateNodeSettings): Pick<Round, 'own' | 'others'> {
  return { own: sourceNode(settings), others: settings.dataSources.map(sourceNode) };
}

function choiceFor({ own, context }: Round, genesis: string): ChoiceOptions {
  return {
    genesis,
    // It has just answered.
    isInsistent: (node) => node === own,
    onSkipped: (_node, error) => {
      context.log('debug', 'A data source was passed over', { error: serialiseError(error) });
    },
  };
}
