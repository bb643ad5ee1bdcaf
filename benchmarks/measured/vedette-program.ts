/** Vedette as a program of its own, to be compared with others: `node vedette-program.mjs JSON`. */
import { ProbeFleet, type ProbeFleetArgs } from '../lib/probe-fleet.js';

interface Settings extends ProbeFleetArgs {
  readonly n: number;
  readonly periodMs: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as Settings;
const fleet = new ProbeFleet(settings);
await fleet.start(
  Array.from({ length: settings.n }, (_none, index) => fleet.probe(`probe-${index}`, settings.periodMs)),
);
