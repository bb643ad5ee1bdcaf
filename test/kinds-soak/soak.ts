/**
 * All ten kinds in one `vedette run`, their sources failing at random. Promise: nothing it started is left, and every
 * figure of issue 4, "Done when" 3, is among those it gives.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { exactly, forInformation, type Figure } from '../faults/campaigns/campaign.js';
import { eventually } from '../support/eventually.js';
import { startVedette } from '../support/vedette.js';
import { startFaults } from './faults.js';
import { startKindsFleet } from './fleet.js';
import { memoryFigures, rssMbOf, type Sample } from './memory.js';
import { Rounds, type KindRounds } from './rounds.js';

const DEFAULT_PERIOD_MS = 1_000;
const LOOK_MS = 1_000;
const PROGRESS_MS = 15_000;
/** Sentences of the supervisor for what must not happen. */
const DOWN = /went down|stays down|by force|cannot be stopped|restarted/;

export interface SoakOptions {
  readonly forMs: number;
  readonly seed: number;
  /** Of all kinds. Default 1,000. */
  readonly periodMs?: number;
  /** Faults come and go so many times slower. */
  readonly pace?: number;
  /** As `vedette run --host`; with `process` the memory of each kind is told too. Default thread. */
  readonly host?: string;
  /** False: the sources work all the time. Default true. */
  readonly hasFaults?: boolean;
  readonly progress: (text: string) => void;
}

export interface SoakReport {
  readonly rounds: readonly KindRounds[];
  readonly figures: readonly Figure[];
}

export async function soakKinds(options: SoakOptions): Promise<SoakReport> {
  const { forMs, seed, periodMs = DEFAULT_PERIOD_MS, pace = 1, host = 'thread' } = options;
  const { hasFaults = true, progress } = options;
  const fleet = await startKindsFleet(periodMs, progress);
  const folder = mkdtempSync(join(tmpdir(), 'vedette-kinds-'));
  const [config, output] = [join(folder, 'ten.yaml'), join(folder, 'out.jsonl')];
  writeFileSync(config, fleet.config);
  const words = ['--host', host, '--broker', 'embedded', '--log-format', 'json', '--output', output];
  const vedette = startVedette(['run', config, ...words, '--state', join(folder, 'state')]);
  const rounds = new Rounds(output, periodMs, Date.now());
  const all = [...rounds.byKey.values()];
  const haveResultsSince = (since: number) => (): boolean => {
    if (vedette.child.exitCode !== null) throw new Error(`vedette ended: ${vedette.stderr().slice(-2_000)}`);
    rounds.look();
    return all.every(({ lastResultAt }) => lastResultAt > since);
  };
  try {
    await eventually(haveResultsSince(0), {
      deadlineMs: 60_000,
      everyMs: 100,
      what: 'a result of each kind',
    });
    progress(`all ten have given a result; ${hasFaults ? 'faults begin' : 'no faults'}`);
    const faults = startFaults(hasFaults ? fleet.proxies : new Map(), seed, pace);
    const samples: Sample[] = [];
    const byKind = new Map<string, Sample[]>();
    try {
      const began = performance.now();
      let toldAt = began;
      for (let look = 1; performance.now() - began < forMs && vedette.child.exitCode === null; look += 1) {
        await after(Math.max(0, Math.min(forMs, look * LOOK_MS) - (performance.now() - began)));
        rounds.look();
        const now = performance.now();
        const minutes = (now - began) / 60_000;
        samples.push({ minutes, mb: rssMbOf(vedette.child.pid) });
        for (const [kind, pid] of host === 'process' ? processesOf(vedette.stderr()) : []) {
          byKind.set(kind, [...(byKind.get(kind) ?? []), { minutes, mb: rssMbOf(pid) }]);
        }
        if (now - toldAt < PROGRESS_MS) continue;
        toldAt = now;
        progress(`RSS ${samples.at(-1)?.mb.toFixed(0) ?? ''} MB; ${summary(all)}`);
      }
    } finally {
      faults.stop();
    }
    const recovered = await eventually(haveResultsSince(Date.now()), {
      deadlineMs: 60_000,
      everyMs: 100,
    }).then(
      () => all.length,
      () => all.filter(({ lastResultAt }) => Date.now() - lastResultAt < 60_000).length,
    );
    rounds.end(Date.now());
    const ended = await vedette.stop();
    const lines = ended.stderr.split('\n');
    const bad = lines.filter((line) => DOWN.test(messageOf(line)));
    for (const line of bad) progress(line.slice(0, 500));
    const unknown = all.flatMap((one) => [...one.unknown].map((text) => `${one.kind}: ${text}`));
    for (const text of unknown) progress(`not a code of the kind: ${text}`);
    const done = [...faults.counts].map(([name, count]) => `${count} ${name}`).join(', ');
    return {
      rounds: all,
      figures: [
        exactly('deaths, restarts and stops by force', bad.length, 0),
        exactly('kinds with a gap beyond period and round deadline', all.filter(isLate).length, 0),
        exactly('errors with a code the kind does not document', unknown.length, 0),
        exactly('kinds with a result after the faults', recovered, all.length),
        ...memoryFigures(samples, forMs),
        ...[...byKind].flatMap(([kind, ofKind]) => memoryFigures(ofKind, forMs, ` of ${kind}`)),
        exactly('exit code of vedette', ended.code ?? -1, 0),
        forInformation('faults', `${done}; seed ${seed}`),
      ],
    };
  } finally {
    if (vedette.child.exitCode === null) await vedette.stop();
    await fleet.close();
    rmSync(folder, { recursive: true });
  }
}

/** The newest process of each monitor that has one of its own; an id is a kind here. */
function processesOf(log: string): ReadonlyMap<string, number> {
  const found = [...log.matchAll(/"message":"Monitor is running".*?$/gm)].flatMap(([line]) => {
    const id = /"monitorId":"([^":]+)/.exec(line)?.[1];
    const pid = /"host":"process:(\d+)"/.exec(line)?.[1];
    return id === undefined || pid === undefined ? [] : [[id, Number(pid)] as const];
  });
  return new Map(found);
}

export function isLate({ longestGapMs, allowedGapMs }: KindRounds): boolean {
  return longestGapMs > allowedGapMs;
}

function messageOf(line: string): string {
  if (!line.startsWith('{')) return '';
  return String((JSON.parse(line) as { message: unknown }).message);
}

function summary(all: readonly KindRounds[]): string {
  const sum = (of: (one: KindRounds) => number): number => all.reduce((total, one) => total + of(one), 0);
  const errors = sum(({ codes }) => [...codes.values()].reduce((total, count) => total + count, 0));
  const longest = Math.max(...all.map(({ longestGapMs }) => longestGapMs));
  return `${sum(({ results }) => results)} results, ${errors} errors, longest gap ${(longest / 1_000).toFixed(1)} s`;
}
