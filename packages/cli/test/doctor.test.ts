/** What `vedette doctor` makes of what it reads: one table of cases for each check. */
import { expect } from 'chai';
import type { MonitorSpec } from '@vedette/contract';
import { judgeBroker } from '../src/doctor/broker.js';
import { failed, findingLines, findingsJson, ok, type Finding } from '../src/doctor/findings.js';
import { freeTasks, judgeMachine, type MachineReading } from '../src/doctor/machine.js';
import { aheadOf, judgeClock, judgeSources, sourcesOf, type Asked } from '../src/doctor/sources.js';
import { leftoverFinding, modeFinding } from '../src/doctor/state-folder.js';

const worst = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, code }) => `${check} ${state} ${code ?? '-'}`);

describe('vedette doctor', () => {
  const machine: MachineReading = {
    platform: 'linux',
    nodeVersion: '20.19.0',
    nodeWanted: '>=20.19',
    openFiles: 20_000,
    memoryMb: 4_000,
    mappings: 65_530,
    freeTasks: 30_000,
  };
  const machines: readonly [what: string, change: Partial<MachineReading>, found: string[]][] = [
    ['a machine with room', {}, []],
    ['no limits at all', { openFiles: null, memoryMb: null, mappings: null, freeTasks: null }, []],
    ['a newer Node', { nodeVersion: '22.1.0' }, []],
    ['an older minor of Node', { nodeVersion: '20.18.3' }, ['node failed DOCTOR_NODE_TOO_OLD']],
    ['an older Node', { nodeVersion: '18.20.0' }, ['node failed DOCTOR_NODE_TOO_OLD']],
    ['few open files', { openFiles: 1_024 }, ['open files warning DOCTOR_LIMIT_LOW']],
    ['hardly any open files', { openFiles: 128 }, ['open files failed DOCTOR_LIMIT_LOW']],
    ['little memory', { memoryMb: 300 }, ['memory warning DOCTOR_LIMIT_LOW']],
    ['few mappings', { mappings: 30_000 }, ['memory mappings warning DOCTOR_LIMIT_LOW']],
    ['no more threads', { freeTasks: 3 }, ['tasks failed DOCTOR_LIMIT_LOW']],
    ['another system', { platform: 'darwin', openFiles: 1 }, ['limits skipped -']],
  ];
  for (const [what, change, found] of machines) {
    it(`judges ${what}`, () => {
      expect(worst(judgeMachine({ ...machine, ...change }))).to.deep.equal(found);
    });
  }

  it('counts threads that may still start by the narrowest of all limits', () => {
    const files: Record<string, string> = {
      '/proc/self/limits': 'Max processes             5000                 5000                 processes\n',
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/pids.max': 'max\n',
      '/sys/fs/cgroup/a/pids.max': '300\n',
      '/sys/fs/cgroup/a/pids.current': '120\n',
    };
    expect(freeTasks((path) => files[path] ?? null)).to.equal(180);
    expect(freeTasks(() => null)).to.equal(null);
  });

  const QUEUE = 'node_monitors_manager_configs_queue';
  const queue = (parts: object) =>
    ({ name: QUEUE, state: 'fits', reason: null, messages: 0, consumers: 1, ...parts }) as const;
  const brokers: readonly [
    what: string,
    queue: Parameters<typeof judgeBroker>[0]['queues'][number],
    found: string[],
  ][] = [
    ['one reader', queue({}), []],
    ['none, and nothing waits', queue({ consumers: 0 }), []],
    [
      'none, and something waits',
      queue({ consumers: 0, messages: 3 }),
      ['consumers warning DOCTOR_QUEUE_UNREAD'],
    ],
    ['two readers', queue({ consumers: 2 }), ['consumers failed MANAGER_ALREADY_RUNNING']],
    ['another queue with two', queue({ name: 'other', consumers: 2 }), []],
    ['other flags', queue({ state: 'differs', reason: '406' }), ['queue failed BROKER_TOPOLOGY_REFUSED']],
    ['no rights', queue({ state: 'forbidden', reason: '403' }), ['queue failed BROKER_ACCESS_REFUSED']],
    ['nothing there yet', queue({ state: 'missing', messages: null, consumers: null }), []],
  ];
  for (const [what, one, found] of brokers) {
    it(`judges a queue with ${what}`, () => {
      expect(worst(judgeBroker({ exchanges: [], queues: [one] }))).to.deep.equal(found);
    });
  }

  it('judges exchanges as queues, but for their readers', () => {
    const exchanges = [
      { name: 'config', state: 'fits', reason: null },
      { name: 'raw_data', state: 'missing', reason: null },
      { name: 'health_check', state: 'differs', reason: 'of type direct' },
    ] as const;
    const found = judgeBroker({ exchanges, queues: [] });
    expect(worst(found)).to.deep.equal(['exchange failed BROKER_TOPOLOGY_REFUSED']);
    expect(found.map(({ what }) => what).join('\n')).to.include('made at the start: raw_data');
  });

  const asked = (parts: Partial<Asked>): Asked => ({
    url: 'http://a:1/',
    status: 200,
    problem: null,
    aheadMs: null,
    ...parts,
  });
  const sources: readonly [what: string, all: Asked[], found: string[]][] = [
    ['none', [], ['sources skipped -']],
    ['an answer', [asked({})], []],
    ['a method that is not allowed', [asked({ status: 405 })], []],
    ['a page that is not there', [asked({ status: 404 })], []],
    ['an open WebSocket port', [asked({ status: null })], []],
    ['a wrong token', [asked({ status: 401 })], ['source warning SOURCE_HTTP_STATUS']],
    ['a rate limit', [asked({ status: 429 })], ['source warning SOURCE_HTTP_STATUS']],
    ['a broken server', [asked({ status: 502 })], ['source warning SOURCE_HTTP_STATUS']],
    [
      'nobody there',
      [asked({ status: null, problem: { code: 'SOURCE_UNREACHABLE', reason: 'x' } }), asked({})],
      ['source failed SOURCE_UNREACHABLE'],
    ],
  ];
  for (const [what, all, found] of sources) {
    it(`judges a source with ${what}`, () => {
      expect(worst(judgeSources(all))).to.deep.equal(found);
    });
  }

  it('finds the URLs of all settings once each, and the server of a template', () => {
    const settings = {
      url: 'http://u:p@a:1/x',
      list: ['ws://b:2', { deep: 'http://u:p@a:1/x' }],
      template: 'https://api.example/{id}/tags',
      not: 'ftp://c',
      text: 'see http://d',
    };
    const specs = [{ settings }, { settings: {} }] as unknown as MonitorSpec[];
    expect(sourcesOf(specs)).to.deep.equal(['http://u:p@a:1/x', 'ws://b:2/', 'https://api.example/']);
  });

  const clocks: readonly [what: string, ahead: (number | null)[], found: string[]][] = [
    ['nobody to compare with', [null], ['clock skipped -']],
    ['the same time', [0, 0, null], []],
    ['a second', [1_000], []],
    ['one wrong server of three', [0, 0, 9_000_000], []],
    ['five seconds', [-5_000], ['clock warning DOCTOR_CLOCK_OFF']],
    ['an hour', [3_600_000, 3_600_000], ['clock failed DOCTOR_CLOCK_OFF']],
  ];
  for (const [what, ahead, found] of clocks) {
    it(`judges a clock with ${what}`, () => {
      expect(worst([judgeClock(ahead.map((aheadMs) => ({ aheadMs })))])).to.deep.equal(found);
    });
  }

  const at = Date.parse('2026-11-26T01:00:00Z');
  const dates: readonly [
    what: string,
    date: unknown,
    age: unknown,
    sent: number,
    got: number,
    ahead: number | null,
  ][] = [
    ['within the second it names', 'Thu, 26 Nov 2026 01:00:00 GMT', undefined, at + 300, at + 600, 0],
    ['during a long answer', 'Thu, 26 Nov 2026 01:00:00 GMT', undefined, at - 4_000, at + 100, 0],
    ['of a server that is ahead', 'Thu, 26 Nov 2026 01:00:10 GMT', undefined, at - 100, at, 10_000],
    ['of a server that is behind', 'Thu, 26 Nov 2026 00:59:00 GMT', undefined, at, at + 50, -59_000],
    ['out of a cache', 'Thu, 26 Nov 2026 01:00:00 GMT', '30', at, at, null],
    ['that is none', 'yesterday', undefined, at, at, null],
    ['that is missing', undefined, undefined, at, at, null],
  ];
  for (const [what, date, age, sent, got, ahead] of dates) {
    it(`reads a Date ${what}`, () => {
      expect(aheadOf(date, age, sent, got)).to.equal(ahead);
    });
  }

  it('names what was left in the state folder, and modes others profit from', () => {
    const file = (path: string, changedAt: number, mode = 0o600) => ({ path, mode, changedAt });
    expect(leftoverFinding([file('/s/a.scope.json', 0), file('/s/b.tmp', 99_000)], 100_000)).to.deep.equal(
      [],
    );
    const left = leftoverFinding([file('/s/b.tmp', 0), file('/s/a.json.damaged-17', 99_000)], 100_000);
    expect(left[0]?.what).to.equal('/s/b.tmp, /s/a.json.damaged-17');
    expect(modeFinding('/s', 0o40700, [file('/s/a', 0, 0o644)]).state).to.equal('ok');
    expect(modeFinding('/s', 0o40755, [file('/s/a', 0)]).state).to.equal('ok');
    expect(modeFinding('/s', 0o40755, [file('/s/a', 0, 0o640)]).state).to.equal('warning');
  });

  it('shows a line each, what to do below it, and no credential', () => {
    const findings = [
      ok('node', 'Node 20'),
      failed('source', 'http://u:hunter2@h/ is away', 'SOURCE_UNREACHABLE'),
    ];
    const lines = findingLines(findings);
    expect(lines[0]).to.equal('ok       node    Node 20');
    expect(lines[1]).to.match(/^failed {3}source {2}SOURCE_UNREACHABLE http:\/\/\S+h\/ is away$/);
    expect(lines[2]).to.equal('           Check that it runs and its URL is right');
    expect(lines[3]).to.equal('1 ok, 0 warnings, 1 failed, 0 skipped');
    expect(lines.join('\n') + findingsJson(findings)).to.not.include('hunter2');
  });
});
