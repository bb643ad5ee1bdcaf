/**
 * The only file a host spawns. It joins the line to the host, the broker link and the run loop; what
 * it does not expect (an uncaught error, an unhandled rejection) ends the thread, so the host sees it.
 */
import {
  offeredChannel,
  PROTOCOL_VERSION,
  systemClock,
  VedetteError,
  VitalsWriter,
  type BrokerReply,
  type Channel,
  type ToWorker,
} from '@vedette/contract';
import type { LinkChange } from '@vedette/broker';
import { threadChannel } from './channel.js';
import { workerLog } from './context.js';
import { loadModule } from './load-module.js';
import { createPublisher } from './publisher.js';
import { reportable } from './report.js';
import { RunLoop } from './run-loop.js';

async function main(channel: Channel): Promise<void> {
  const { start } = channel;
  if (start.version !== PROTOCOL_VERSION) {
    const text = `the host speaks version ${start.version}, this worker ${PROTOCOL_VERSION}`;
    fail(channel, new VedetteError('PROTOCOL_VERSION_MISMATCH', text));
    return;
  }
  const post = channel.post.bind(channel);
  const log = workerLog(post, start.logLevel);
  // Orders that come before there is a loop to take them wait in the port.
  const link = await createPublisher(start, post, log).catch((error: unknown) => {
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
  const loop = new RunLoop({
    start,
    load: () => loadModule(start.spec.module),
    publisher,
    vitals: new VitalsWriter(start.vitals, start.slot),
    clock: systemClock,
    post,
    tidy,
  });
  channel.onMessage((message) => {
    obey(message, loop, link.onReply);
  });
  const isStopped = await loop.run();
  if (!isStopped) process.exitCode = 1;
  channel.close();
}

/**
 * V8 gives memory back only to a thread it saw collecting, some eight seconds after it fell idle; loading leaves
 * about 3 MB of garbage that nothing collects where the next round is a minute away. A collection of the young
 * generation, under 2 ms, is enough to bring it about.
 */
function tidy(): void {
  globalThis.gc?.({ type: 'minor' });
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
  process.exitCode = 1;
  channel.close();
}

void main(offeredChannel() ?? threadChannel());
