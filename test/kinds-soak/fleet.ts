/**
 * Counterparts of all ten kinds, a TCP proxy before each, and the config of ten monitors that go through the
 * proxies. Promise: `close` ends every counterpart, in whatever state the proxies are.
 */
import { stringify } from 'yaml';
import { answer, startStub } from '../support/stub-source.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { chainlinkSettings, cosmosSettings, generalSettings, substrateSettings } from './sources.js';

export interface KindsFleet {
  readonly config: string;
  /** By the source's name. */
  readonly proxies: ReadonlyMap<string, TcpProxy>;
  close(): Promise<void>;
}

export async function startKindsFleet(periodMs: number, say: (line: string) => void): Promise<KindsFleet> {
  const closers: (() => unknown)[] = [];
  const proxies = new Map<string, TcpProxy>();
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };
  /** Address of a source through a proxy of its own. */
  const through = async (name: string, url: string): Promise<string> => {
    const proxy = await startTcpProxy({ port: Number(new URL(url).port) });
    closers.push(() => proxy.close());
    proxies.set(name, proxy);
    return url.replace(/:\d+/, `:${proxy.port}`);
  };
  const serve = async (name: string, body: string, type = 'text/plain'): Promise<string> => {
    const stub = await startStub(answer(body, { type }));
    closers.push(() => stub.close());
    return through(name, stub.url);
  };
  try {
    const settings = {
      ...(await chainlinkSettings(closers, through, say)),
      ...(await cosmosSettings(closers, through, serve)),
      ...(await substrateSettings(closers, through)),
      ...(await generalSettings(closers, through, serve)),
    };
    const monitors = Object.entries(settings).map(([kind, ofKind]) => ({
      kind,
      id: kind,
      name: kind === 'github' || kind === 'dockerhub' ? undefined : kind,
      chain: 'soak',
      period: `${periodMs}ms`,
      settings: ofKind,
    }));
    return { config: stringify({ monitors }), proxies, close };
  } catch (error) {
    await close();
    throw error;
  }
}
