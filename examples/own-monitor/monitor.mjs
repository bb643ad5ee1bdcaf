// Runs in its own thread: one observation a round.
import { defineMonitor, httpRequest } from '@vedette/monitor';
import { epochSeconds, real } from '@vedette/contract';

export default defineMonitor({
  async round(ctx) {
    const { monitor, settings, signal } = ctx;
    const began = performance.now();
    const { status } = await httpRequest({ url: settings.url, timeoutMs: 5_000, signal });
    const seconds = (performance.now() - began) / 1000;
    return {
      messages: [
        {
          routingKey: 'web.page',
          body: { page: monitor.name, status, seconds: real(seconds), time: epochSeconds(ctx.now()) },
        },
      ],
      facts: { status, response_seconds: seconds },
    };
  },
});
