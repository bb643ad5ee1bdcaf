// Its own thread. A file that is missing is a failed round: the monitor lives on, and its health says `failing`.
import { stat } from 'node:fs/promises';
import { defineMonitor } from '@vedette/monitor';

export default defineMonitor({
  async round({ monitor, settings, now }) {
    const { mtimeMs } = await stat(settings.path);
    const ageSeconds = Math.round((now() - mtimeMs) / 1_000);
    const isStale = ageSeconds > settings.staleAfterSeconds;
    return {
      messages: [{ routingKey: 'file.age', body: { file: monitor.name, ageSeconds, isStale } }],
      facts: { age_seconds: ageSeconds },
    };
  },
});
