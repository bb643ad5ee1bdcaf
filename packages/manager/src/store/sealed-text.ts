/** A text with a first line that tells whether it is whole and can be read: version and checksum. Pure. */
import { createHash } from 'node:crypto';
import { isJsonObject } from '@vedette/contract';
import type { SetAside } from './scope-store.js';

const VERSION = 1;

export function sealed(text: string): string {
  return `${JSON.stringify({ version: VERSION, checksum: checksum(text) })}\n${text}\n`;
}

/** `text` must be one line, as JSON is. */
export function unsealed(file: string): { readonly text: string } | Pick<SetAside, 'code' | 'reason'> {
  const damaged = (reason: string): Pick<SetAside, 'code' | 'reason'> => ({
    code: 'STORE_UNREADABLE',
    reason,
  });
  const [head, text] = file.split('\n');
  if (head === undefined || text === undefined) return damaged('it is empty or cut off');
  let header: unknown;
  try {
    header = JSON.parse(head);
  } catch {
    return damaged('its first line is not JSON');
  }
  if (!isJsonObject(header) || typeof header['version'] !== 'number') return damaged('it has no version');
  if (header['version'] > VERSION) {
    return { code: 'STORE_NEWER_VERSION', reason: `version ${header['version']} is newer than ${VERSION}` };
  }
  return header['checksum'] === checksum(text) ? { text } : damaged('its checksum does not match');
}

export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
