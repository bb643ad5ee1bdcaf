/**
 * The only file a host spawns. It joins the line to the host, the broker link and the run loop, once per monitor
 * of its thread; what it does not expect (an uncaught error, an unhandled rejection) ends the thread, so the host
 * sees it.
 */
import * as timers from 'node:timers';
import {
  offeredChannel,
  offeredSharedLines,
  PROTOCOL_VERSION,
  systemClock,
  VedetteError,
  VitalsWriter,
  type BrokerReply,
  type Channel,
  type SharedChannel,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import type { LinkChange } from '@vedette/broker';
import { threadChannel } from './channel.js';
import { workerLog } from './context.js';
import { threadHeap } from './heap.js';
import { loadModule } from './load-module.js';
import { isProcessorBusy } from './processor.js';
import { createPublisher } from './publisher.js';
import { reportable } from './report.js';
import { RunLoop } from './run-loop.js';
import { ThreadLink } from './thread-link.js';
import { Tidy } from './tidy.js';

/** Null for a worker with a thread of its own. */
interface Sharing {
  readonly channel: SharedChannel;
  readonly link: ThreadLink;
}

async function main(channel: Channel, sharing: Sharing | null = null): Promise<void> {
  const { start } = channel;
  if (start.version !== PROTOCOL_VERSION) {
    const text = `the host speaks version ${start.version}, this worker ${PROTOCOL_VERSION}`;
    fail(channel, new VedetteError('PROTOCOL_VERSION_MISMATCH', text));
    return;
  }
  const post = channel.post.bind(channel);
  const log = workerLog(post, start.logLevel);
  // Orders that come before there is a loop to take them wait in the port.
  const link = await createPublisher(start, post, log, sharing?.link).catch((error: unknown) => {
    fail(channel, error);
    return null;
  });
  if (link === null) return;
  const { publisher } = link;
  const tellLink = ({ link: word, replaced, error }: LinkChange): void => {
    post({ type: 'link-changed', link: word, replaced, error: error === null ? null : reportable(error) });
  };
  publisher.onLinkChanged(tellLink);
  // An embedded link is up from the start and never changes.
  tellLink({ link: publisher.link, replaced: publisher.replaced, error: null });
  if (start.echo) {
    publisher.onSettled((message, outcome) => {
      post({ type: 'published', message, outcome, at: systemClock.now() });
    });
  }
  sharing?.channel.onCut(() => {
    void publisher.close(0);
  });
  const loop = new RunLoop({
    start,
    load: () => loadModule(start.spec.module),
    publisher,
    vitals: vitalsOf(start, sharing?.channel.memoryShare),
    clock: systemClock,
    post,
    tidy: () => {
      tidy?.beforeWait();
    },
    ...(sharing === null ? {} : { enter: () => sharing.channel.enter() }),
  });
  channel.onMessage((message) => {
    obey(message, loop, link.onReply);
  });
  const isStopped = await loop.run();
  sharing?.link.leave(log);
  channel.close(isStopped ? 0 : 1, loop.hasLeftovers);
}

/** Of a shared thread a worker tells its share, at most what it may hold: its host looks at the whole. */
function vitalsOf({ vitals, slot, spec: { limits } }: StartData, memoryShare?: number): VitalsWriter {
  if (memoryShare === undefined) return new VitalsWriter(vitals, slot);
  return new VitalsWriter(vitals, slot, memoryShare, limits.externalMb * 1024);
}

function obey(message: ToWorker, loop: RunLoop, onReply: (reply: BrokerReply) => void): void {
  switch (message.type) {
    case 'stop':
      loop.stop();
      return;
    case 'abort':
      loop.abortRound();
      return;
    case 'round':
      loop.roundNow();
      return;
    case 'broker':
      onReply(message.reply);
  }
}

/** Nothing is running yet: one last word, and the thread ends for want of anything to do. */
function fail(channel: Channel, error: unknown): void {
  channel.post({ type: 'failed', error: reportable(error), permanent: true });
  channel.close(1);
}

const heap = threadHeap();
/** One per thread, as its heap is. */
const tidy =
  heap === null
    ? null
    : new Tidy({
        heap,
        clock: systemClock,
        isBusy: isProcessorBusy,
        random: Math.random,
        later: (delayMs, action) => void timers.setTimeout(action, delayMs).unref(),
      });
const lines = offeredSharedLines();
if (lines === null) void main(offeredChannel() ?? threadChannel());
else {
  const link = new ThreadLink();
  lines.onChannel((channel) => void main(channel, { channel, link }));
}
