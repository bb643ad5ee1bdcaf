/**
 * Vedette as a program of its own, to be compared with others: `node vedette-program.mjs JSON`. As theirs it is what
 * the work needs and no more: a supervisor, a host, and no strategy of a kind that does not run.
 */
import { Supervisor } from '@vedette/supervisor';
import type { Surroundings } from '../lib/fleet.js';
import { hostOf } from '../lib/hosts.js';
import { brokerAddress, PATIENT_BEAT_MS, probeSpec } from '../lib/probe-spec.js';

interface Settings extends Surroundings {
  /** A name of `hosts.ts`. */
  readonly host: string;
  readonly n: number;
  readonly periodMs: number;
}

/** Without monitors it stays, so that its own memory can be read. */
const STAY_MS = 60_000;

const { host, n, periodMs, amqpUrl, files, sources } = JSON.parse(process.argv[2] ?? '') as Settings;
new Supervisor({ host: await hostOf(host), broker: brokerAddress(amqpUrl), beatMs: PATIENT_BEAT_MS }).apply(
  Array.from({ length: n }, (_none, index) =>
    probeSpec({ name: `probe-${index}`, file: files.probeMonitor, page: sources.probe, periodMs }),
  ),
);
if (n === 0) setTimeout(() => undefined, STAY_MS);
