/** Says once when a node falls behind its chain and once when it has caught up. */
import type { Logger } from '@vedette/contract';
import type { Supervisor } from '@vedette/supervisor';
import { LAGGING_BLOCKS } from './table/row.js';
import { blocksBehind } from './table/rows.js';

export function watchLag(supervisor: Supervisor, logger: Logger): () => void {
  const lagging = new Set<string>();
  const look = (): void => {
    const statuses = supervisor.snapshot();
    const behind = blocksBehind(statuses);
    for (const { id, name } of statuses) {
      const blocks = behind.get(id) ?? 0;
      if (blocks >= LAGGING_BLOCKS && !lagging.has(id)) {
        lagging.add(id);
        logger.log('warn', 'Node lags behind its chain', {
          component: 'chains',
          monitorId: id,
          name,
          blocks,
        });
      } else if (blocks < LAGGING_BLOCKS && lagging.delete(id)) {
        logger.log('info', 'Node caught up with its chain', { component: 'chains', monitorId: id, name });
      }
    }
  };
  // Once a second at the most, however many rounds end.
  const timer = setInterval(look, 1_000);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
