/** The broker against what Vedette and PANIC expect of it. What is judged is pure. */
import { FAMILIES, FAMILY_NAMES, isVedetteError, maskUrl, type ErrorCode } from '@vedette/contract';
import { inspectBroker, type BrokerInspection, type InspectedPart } from '@vedette/broker';
import { CONFIG_TOPOLOGY, HEARTBEAT_TOPOLOGY } from '@vedette/manager';
import { failed, ok, skipped, warning, type Finding } from './findings.js';

const CONFIG_QUEUES = new Set<string>(FAMILY_NAMES.map((family) => FAMILIES[family].configQueue));

export async function checkBroker(url: string, deadlineMs: number): Promise<Finding[]> {
  if (url.trim() === 'embedded') return [skipped('broker', 'the embedded one needs nothing')];
  const topology = {
    exchanges: CONFIG_TOPOLOGY.exchanges,
    queues: [...CONFIG_TOPOLOGY.queues, ...HEARTBEAT_TOPOLOGY.queues],
  };
  try {
    const inspection = await inspectBroker({ url, name: 'vedette doctor', topology, deadlineMs });
    return [ok('broker', `${maskUrl(url)} lets us in`), ...judgeBroker(inspection)];
  } catch (error) {
    if (!isVedetteError(error)) throw error;
    return [failed('broker', error.message, error.code)];
  }
}

export function judgeBroker({ exchanges, queues }: BrokerInspection): Finding[] {
  const parts = [
    ...exchanges.map((one) => ({ ...one, check: 'exchange' })),
    ...queues.map((one) => ({ ...one, check: 'queue' })),
  ];
  const fits = parts.filter(({ state }) => state === 'fits').length;
  const missing = parts.filter(({ state }) => state === 'missing').map(({ name }) => name);
  return [
    ...(fits > 0
      ? [ok('topology', `${fits} of ${parts.length} exchanges and queues are as they should be`)]
      : []),
    ...(missing.length > 0
      ? [ok('topology', `not there yet, made at the start: ${missing.join(', ')}`)]
      : []),
    ...parts.flatMap(partFinding),
    ...consumerFindings(queues.filter(({ name }) => CONFIG_QUEUES.has(name))),
  ];
}

function partFinding({ check, name, state, reason }: InspectedPart & { readonly check: string }): Finding[] {
  if (state === 'fits' || state === 'missing') return [];
  const [code, remedy]: [ErrorCode, string] =
    state === 'forbidden'
      ? ['BROKER_ACCESS_REFUSED', 'rabbitmqctl set_permissions USER ".*" ".*" ".*"']
      : [
          'BROKER_TOPOLOGY_REFUSED',
          `Remove the ${check} where nobody needs it; it is made anew as it should be`,
        ];
  return [failed(check, `${name}: ${reason ?? state}`, code, remedy)];
}

function consumerFindings(
  queues: readonly {
    readonly name: string;
    readonly messages: number | null;
    readonly consumers: number | null;
  }[],
): Finding[] {
  const known = queues.filter((one) => one.consumers !== null);
  const found = known.flatMap(({ name, messages, consumers }): Finding[] => {
    if ((consumers ?? 0) > 1) {
      const remedy = 'End all managers of this queue but one: each message reaches only one of them';
      return [failed('consumers', `${name} has ${consumers ?? 0}`, 'MANAGER_ALREADY_RUNNING', remedy)];
    }
    return consumers === 0 && (messages ?? 0) > 0
      ? [warning('consumers', `${name}: ${messages ?? 0} messages wait`, 'DOCTOR_QUEUE_UNREAD')]
      : [];
  });
  if (found.length > 0 || known.length === 0) return found;
  const read = known.filter(({ consumers }) => consumers === 1).length;
  const text =
    read === 0 ? 'nobody reads the config queues now' : `${read} of ${queues.length} config queues have one`;
  return [ok('consumers', text)];
}
