/**
 * Which config file the demo runs on. Promise: examples/quickstart.yaml itself where it fits this
 * machine; else a copy, comments kept, with other ports or without what is not here.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';

/**
 * @param {string} file the config as committed
 * @param {string} copy where a changed one goes
 * @param {ReadonlyMap<number, number>} ports wanted port to the port used
 * @param {readonly string[]} absent ids to leave out
 * @returns {string} the file to run
 */
export function configFor(file, copy, ports, absent) {
  const isMoved = [...ports].some(([wanted, used]) => wanted !== used);
  if (!isMoved && absent.length === 0) return file;
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(copy, adapt(readFileSync(file, 'utf8'), ports, absent));
  return copy;
}

/** The config text with ports replaced and entries left out. */
export function adapt(text, ports, absent) {
  const document = parseDocument(text);
  const monitors = document.get('monitors');
  monitors.items = monitors.items.filter((entry) => !absent.includes(entry.get('id')));
  return document
    .toString({ flowCollectionPadding: false, lineWidth: 0 })
    .replace(/(127\.0\.0\.1:)(\d+)/g, (_all, host, port) => host + (ports.get(Number(port)) ?? port));
}
