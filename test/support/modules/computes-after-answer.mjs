/** A monitor that asks a server and, if told so, computes for ever on the answer. */
import { defineMonitor, httpRequest } from '@vedette/monitor';

export default defineMonitor({
  async round({ settings, signal }) {
    await httpRequest({ url: settings.url, signal });
    if (settings.isBad) for (;;);
    return { messages: [] };
  },
});
