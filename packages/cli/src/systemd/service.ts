/**
 * Tells a service manager such as systemd how we are. Promise: nothing at all happens where none listens, and a beat
 * comes from the main loop after the manager gave account of itself: none comes while that loop stands still.
 */
import type { Logger } from '@vedette/contract';
import type { MonitorsManager } from '@vedette/manager';
import { unreadiness } from '@vedette/operator/readiness';
import { stateWord } from '@vedette/supervisor';
import { renderCounts } from '../table/render.js';
import { Notifier } from './notifier.js';
import { serviceOf, standbyWords, stoppingWords, wordsOf, type Words } from './words.js';

/** How soon it is seen that we are ready. */
const READY_LOOK_MS = 250;
/** So long the end of the process waits for the last words. */
const LAST_WORDS_MS = 1_000;

export interface ServiceLink {
  /** From now on it beats for this manager. */
  watch(manager: MonitorsManager): void;
  /** It waits for its turn, and beats meanwhile. */
  standBy(): void;
  /** No beat after this. */
  stopping(why: string): void;
  /** Ends within a second. */
  close(): Promise<void>;
}

const NONE: ServiceLink = {
  watch: () => undefined,
  standBy: () => undefined,
  stopping: () => undefined,
  close: () => Promise.resolve(),
};

/** Takes its variables out of `env`, so that no child or thread of ours speaks in our name. */
export function linkToService(env: NodeJS.ProcessEnv, logger: Logger): ServiceLink {
  const service = serviceOf(env, process.pid);
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) Reflect.deleteProperty(env, name);
  if (service === null) return NONE;
  if (service.watchesAnother) {
    const fields = { component: 'systemd', remedy: 'Let ExecStart= start node or vedette itself' };
    logger.log('warn', 'The watchdog of the service manager watches another process', fields);
  }
  const { PATH: path } = env;
  const notifier = new Notifier({ socket: service.socket, path, logger });
  let wasReady = false;
  let manager: MonitorsManager | 'none yet' | 'of another' = 'none yet';
  const words = (): Words => {
    if (manager === 'of another') return standbyWords(service, wasReady);
    if (manager === 'none yet') {
      return wordsOf({ service, wasReady, missing: ['nothing has begun'], counts: renderCounts([]) });
    }
    const { state, intake, broker } = manager;
    const missing = unreadiness({ state, isReading: intake.isReading, link: broker.link });
    const counts = renderCounts(manager.snapshot().map((status) => ({ state: stateWord(status) })));
    return wordsOf({ service, wasReady, missing, counts });
  };
  const beat = (): void => {
    const said = words();
    if (said['READY'] !== undefined) wasReady = true;
    notifier.say(said);
  };
  const look = (): void => {
    if (typeof manager === 'string' || wasReady) return;
    const { state, intake, broker } = manager;
    if (unreadiness({ state, isReading: intake.isReading, link: broker.link }).length === 0) beat();
  };
  const timers = [setInterval(beat, service.beatMs), setInterval(look, READY_LOOK_MS)];
  for (const timer of timers) timer.unref();
  const end = (): void => {
    for (const timer of timers) clearInterval(timer);
  };
  return {
    watch(watched) {
      manager = watched;
      beat();
    },
    standBy() {
      manager = 'of another';
      beat();
    },
    stopping(why) {
      end();
      notifier.say(stoppingWords(why));
    },
    async close() {
      end();
      await notifier.close(LAST_WORDS_MS);
    },
  };
}
