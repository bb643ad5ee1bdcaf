/**
 * A Chainlink node's metrics page, replayed over HTTP. Promise: the text of the fixture, with the
 * current head and the heads received going up by one a second, as on a chain that lives.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const FIXTURE = new URL('./chainlink-metrics.txt', import.meta.url);
const ADVANCING =
  /^((?:head_tracker_current_head|head_tracker_heads_received(?:_total)?)(?:\{[^}\n]*\})?[ \t]+)(\S+)/gm;

/** The page `seconds` after the start. */
export function metricsAt(text, seconds) {
  return text.replace(ADVANCING, (_line, name, value) => `${name}${Number(value) + Math.floor(seconds)}`);
}

/** Serves on loopback; resolves with a function that stops it. */
export async function startChainlinkReplay(port) {
  const text = readFileSync(FIXTURE, 'utf8');
  const began = performance.now();
  const server = createServer((request, response) => {
    const isMetrics = request.method === 'GET' && request.url?.split('?')[0] === '/metrics';
    response.writeHead(isMetrics ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(isMetrics ? metricsAt(text, (performance.now() - began) / 1000) : 'see /metrics\n');
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
}
