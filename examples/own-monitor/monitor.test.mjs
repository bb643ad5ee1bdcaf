// The monitor's own tests: `node --test examples/own-monitor/monitor.test.mjs`. The clock moves only when a test moves it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { closeHttp } from '@vedette/monitor';
import { MonitorHarness } from '@vedette/monitor/testing';
import monitor from './monitor.mjs';

const server = createServer((request, response) => {
  if (request.url === '/') response.writeHead(204).end();
});

before(() => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => {
  closeHttp();
  server.closeAllConnections();
  server.close();
});

function watching(path) {
  const url = `http://127.0.0.1:${server.address().port}${path}`;
  return new MonitorHarness(monitor, { settings: { url }, monitor: { name: 'home' } });
}

test('publishes the status of a page', async () => {
  const page = watching('/');
  const { outcome, messages, facts } = await page.round();
  assert.equal(outcome, 'ok');
  assert.equal(messages[0].routingKey, 'web.page');
  assert.equal(messages[0].body.page, 'home');
  assert.equal(facts.status, 204);
  await page.stop();
});

test('publishes nothing when a page does not answer in time', async () => {
  const page = watching('/never');
  const round = page.round();
  await page.advance(30_000);
  const { outcome, messages, error } = await round;
  assert.deepEqual([outcome, messages, error.code], ['timeout', [], 'MONITOR_ROUND_TIMEOUT']);
  await page.stop();
});
