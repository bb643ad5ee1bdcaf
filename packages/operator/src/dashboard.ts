/**
 * What stands at `/`: the built dashboard, or a page that names the API. Promise: only files that were there at the
 * start are served, by their exact names; no path is ever looked up on disk.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { RouteConfig } from './gate.js';

export interface Page {
  /** Begins with `/`. */
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const MAX_FILES = 200;
const MAX_BYTES = 10 * 1024 * 1024;

const PLAIN_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Vedette</title></head>
<body>
<h1>Vedette</h1>
<p>The dashboard is not built. What there is:</p>
<ul>
<li><a href="/api/v1/status">/api/v1/status</a>: the whole at a glance</li>
<li><a href="/api/v1/monitors">/api/v1/monitors</a>: monitors</li>
<li><a href="/api/v1/openapi.json">/api/v1/openapi.json</a>: all of the API</li>
<li><a href="/metrics">/metrics</a>: for Prometheus</li>
<li><a href="/-/ready">/-/ready</a>: whether the manager works</li>
</ul>
</body>
</html>
`;

/** The files of a built dashboard; the plain page where there is no index.html. */
export function dashboardPages(folder: string): readonly Page[] {
  const pages = filesIn(folder).map((file): Page => {
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    return { path, type: TYPES[extname(file)] ?? 'application/octet-stream', content: readFileSync(file) };
  });
  const index = pages.find(({ path }) => path === '/index.html');
  if (index !== undefined) return [{ ...index, path: '/' }, ...pages];
  return [{ path: '/', type: 'text/html; charset=utf-8', content: Buffer.from(PLAIN_PAGE) }];
}

/** They hold no data, so a browser may load them before it has a token. */
export function addDashboardRoutes(server: FastifyInstance, folder: string): void {
  const config: RouteConfig = { need: 'open' };
  for (const { path, type, content } of dashboardPages(folder)) {
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`;
    server.get(escaped(path), { config }, (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' }).type(type);
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(content);
    });
  }
}

/** In a pattern of the router a colon begins a parameter and a star ends it. */
function escaped(path: string): string {
  return path.replaceAll(':', '::').replaceAll('*', '%2A');
}

function filesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  const files = names.map((name) => join(folder, name)).filter((file) => statSync(file).isFile());
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (files.length > MAX_FILES || bytes > MAX_BYTES) return [];
  return files.sort();
}
