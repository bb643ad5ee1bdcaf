/** Where the operator's server listens, as people write it. Pure. */
import { describeValue, VedetteError } from '@vedette/contract';

/** Host and port. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Where `vedette run` listens unless told otherwise. */
export const DEFAULT_LISTEN = '127.0.0.1:9464';

/** `HOST:PORT`, `[IPv6]:PORT`, or `none`, which gives null. Throws LISTEN_BAD_ADDRESS. */
export function parseListen(text: string): ListenAddress | null {
  if (text === 'none') return null;
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+)):(\d{1,5})$/i.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  if (host === undefined || port > 65_535) {
    const shown = describeValue(text);
    throw new VedetteError('LISTEN_BAD_ADDRESS', `${shown} is not HOST:PORT with a port up to 65535`);
  }
  return { host, port };
}

/** True for a name or address only this machine reaches. */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(name);
}

/** `http://host:port`, IPv6 in brackets. */
export function urlOf({ host, port }: ListenAddress): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
