// Vedette inside a service that was there before: node examples/library/service.mjs [PORT]
//   curl -X PUT -d '["https://example.org"]' http://127.0.0.1:8080/pages
//   curl http://127.0.0.1:8080/pages
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { ConfigFileError, createManager, ListSource, StrategyRegistry } from '@vedette/manager';
import { ThreadHost } from '@vedette/supervisor';
import webPage from '../own-monitor/strategy.mjs';

const registry = new StrategyRegistry([webPage]);
const list = new ListSource(registry);
const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
const manager = createManager({ registry, source: list, host: new ThreadHost({ entry }) });

/** What was there before; the two lines with `list` and `manager` are all it needs to know. */
const server = createServer(async (request, response) => {
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  try {
    if (request.method === 'PUT') {
      const urls = await json(request);
      list.set(urls.map((url) => ({ kind: 'web-page', id: url, period: '1s', settings: { url } })));
    }
    answer(
      200,
      manager.snapshot().map(({ name, state, health, lastRound }) => ({
        page: name,
        state: state.state,
        health,
        ...lastRound?.facts,
      })),
    );
  } catch (error) {
    answer(400, error instanceof ConfigFileError ? error.problems : { message: error.message });
  }
});

await manager.start();
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
process.once('SIGINT', async () => {
  server.close();
  server.closeIdleConnections();
  const { forced } = await manager.stop();
  console.log(`stopped, ${forced.length} by force`);
});
