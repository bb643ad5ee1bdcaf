/** The `node.substrate` messages on `raw_data`, byte for byte as PANIC's transformer takes them. */
import { epochSeconds, type Facts, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import { wireObject } from '../wire.js';
import type { ChainReadings, ValidatorReadings } from './chain.js';
import type { DirectReadings } from './direct.js';
import type { History } from './history.js';
import type { ChainProperties } from './memory.js';
import type { SubstrateNodeSettings } from './settings.js';

export interface NodeReadings {
  readonly direct: DirectReadings;
  readonly chain: ChainReadings;
  readonly properties: ChainProperties;
  /** Null for a node that is no validator. */
  readonly validator: ValidatorReadings | null;
  readonly blocks: History['blocks'];
}

/** 18 keys in `data`: the consumer drops the message for one less. */
export function substrateNodeResult(
  monitor: MonitorIdentity,
  settings: SubstrateNodeSettings,
  nowMs: number,
  readings: NodeReadings,
): OutgoingMessage {
  const { direct, chain, properties, validator, blocks } = readings;
  const data: WireObject = {
    best_height: direct.bestHeight,
    target_height: direct.targetHeight,
    finalized_height: direct.finalizedHeight,
    current_session: chain.session,
    current_era: chain.era,
    authored_blocks: validator === null ? 0 : validator.authoredBlocks,
    active: validator?.isActive ?? false,
    elected: validator?.isElected ?? false,
    disabled: validator?.isDisabled ?? false,
    eras_stakers: exposureOf(validator),
    sent_heartbeat: validator?.hasSentHeartbeat ?? false,
    controller_address: validator?.controller ?? null,
    history_depth_eras: chain.historyDepth,
    unclaimed_rewards: validator?.unclaimed ?? [],
    claimed_rewards: validator?.claimed ?? [],
    previous_era_rewards: validator?.previousRewards ?? 0,
    system_properties: wireObject(properties),
    historical: blocks.map(({ height, slashedAmount, isOffline }) => ({
      height,
      slashed: slashedAmount > 0n,
      slashed_amount: slashedAmount,
      is_offline: isOffline,
    })),
  };
  return message({ result: { meta_data: metaData(monitor, settings, nowMs), data } });
}

export function substrateNodeError(
  monitor: MonitorIdentity,
  settings: SubstrateNodeSettings,
  nowMs: number,
  failure: ReportedFailure,
): OutgoingMessage {
  const { message: text, code } = failure;
  return message({ error: { meta_data: metaData(monitor, settings, nowMs), message: text, code } });
}

/** The same numbers for people and gauges. */
export function substrateNodeFacts(readings: NodeReadings, requestSeconds: number): Facts {
  const { direct, chain, validator, blocks } = readings;
  const facts = {
    best_height: direct.bestHeight,
    target_height: direct.targetHeight,
    finalized_height: direct.finalizedHeight,
    session_index: chain.session,
    era_index: chain.era,
    history_depth_eras: chain.historyDepth,
    request_seconds: requestSeconds,
  };
  if (validator === null) return facts;
  return {
    ...facts,
    is_active: Number(validator.isActive),
    is_elected: Number(validator.isElected),
    is_disabled: Number(validator.isDisabled),
    has_sent_heartbeat: Number(validator.hasSentHeartbeat),
    authored_blocks: validator.authoredBlocks,
    exposure_nominators: validator.exposure.others.length,
    unclaimed_eras: validator.unclaimed.length,
    previous_era_points: validator.previousRewards,
    checked_blocks: blocks.length,
    slashed_blocks: blocks.filter(({ slashedAmount }) => slashedAmount > 0n).length,
    offline_blocks: blocks.filter(({ isOffline }) => isOffline).length,
  };
}

function exposureOf(validator: ValidatorReadings | null): WireObject {
  if (validator === null) return { total: null, own: null, others: [] };
  const { total, own, others } = validator.exposure;
  return wireObject({ total, own, others });
}

function message(envelope: WireObject): OutgoingMessage {
  return { routingKey: 'node.substrate', body: { websocket: envelope } };
}

function metaData(monitor: MonitorIdentity, settings: SubstrateNodeSettings, nowMs: number): WireObject {
  return {
    monitor_name: monitor.componentName,
    node_name: monitor.name,
    node_id: monitor.configId,
    node_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
    is_validator: settings.isValidator,
    stash_address: settings.stashAddress,
  };
}
