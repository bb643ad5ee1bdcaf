/** What a worker says between its `ready` and its end: noted, told as events, passed to the broker. */
import {
  VedetteError,
  type BrokerReply,
  type BrokerRequest,
  type FromWorker,
  type LogFields,
} from '@vedette/contract';
import type { Account } from './account.js';
import type { OfMonitor } from './events.js';
import type { Run } from './run.js';
import type { Surroundings } from './surroundings.js';
import type { Wellbeing } from './wellbeing.js';

/** `about` names the monitor in events. Never throws, whatever the worker sent. */
export function receive(
  run: Run,
  message: FromWorker,
  about: OfMonitor,
  known: { readonly account: Account; readonly wellbeing: Wellbeing },
  shared: Pick<Surroundings, 'emit' | 'handleBroker'>,
): void {
  const { emit, handleBroker } = shared;
  switch (message.type) {
    case 'round-ended': {
      const round = known.account.roundEnded(message, run.spec.revision);
      emit('monitor.round-ended', { ...about, round, state: message.state });
      known.wellbeing.roundEnded(message.outcome);
      return;
    }
    case 'published': {
      const { message: published, outcome, at } = message;
      emit('message.published', { ...about, message: published, outcome, at });
      return;
    }
    case 'link-changed': {
      known.account.linkChanged(message);
      const { link, replaced, error } = message;
      emit('monitor.link-changed', { ...about, link, replaced, error });
      return;
    }
    case 'log': {
      const { level, sentence, fields } = message;
      emit('monitor.logged', { ...about, level, sentence, fields });
      return;
    }
    case 'broker':
      void answer(run, message.request, handleBroker);
      return;
    case 'ready':
    case 'failed':
    case 'stopped':
      return;
    default:
      if (run.isFirstUnknown()) emit('monitor.logged', { ...about, ...unknownMessage(message) });
  }
}

/** A broker that cannot be asked has refused: the worker always gets its answer. */
async function answer(
  run: Run,
  request: BrokerRequest,
  handle: ((request: BrokerRequest) => Promise<BrokerReply>) | null,
): Promise<void> {
  const refused: BrokerReply = { id: request.id, outcome: 'nacked' };
  let reply = refused;
  try {
    if (handle !== null) reply = await handle(request);
  } catch {
    reply = refused;
  }
  run.send({ type: 'broker', reply });
}

function unknownMessage(message: never): { level: 'warn'; sentence: string; fields: LogFields } {
  const { code, remedy } = new VedetteError('PROTOCOL_UNKNOWN_MESSAGE', 'A worker sent an unknown message');
  const type = (message as { type?: unknown }).type;
  return {
    level: 'warn',
    sentence: 'The worker sent a message of unknown type; later ones are not reported',
    fields: { code, remedy, type: typeof type === 'string' ? type.slice(0, 80) : typeof type },
  };
}
