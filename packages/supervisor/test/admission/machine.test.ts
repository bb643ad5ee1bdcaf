import { expect } from 'chai';
import { Admission } from '../../src/admission/admission.js';
import { cgroupCeilingsMb, linuxMachine, readMachine, type Machine } from '../../src/admission/machine.js';
import { FakeClock } from '../../../../test/support/fake-clock.js';

describe('readMachine', () => {
  const files: Readonly<Record<string, string>> = {
    '/proc/self/status': 'Name:\tnode\nVmRSS:\t  102400 kB\nRssAnon:\t 50000 kB\n',
    '/proc/11/status': 'VmRSS:\t  60000 kB\nRssAnon:\t 10240 kB\n',
    '/proc/meminfo': 'MemTotal:  9999999 kB\nMemAvailable:    1024000 kB\n',
    '/proc/self/cgroup': '4:memory:/pod/one\n0::/\n',
    '/sys/fs/cgroup/memory/pod/one/memory.limit_in_bytes': '9223372036854771712\n',
    '/sys/fs/cgroup/memory/pod/memory.limit_in_bytes': '524288000\n',
    '/proc/self/maps': 'a\nb\nc\n',
    '/proc/self/limits':
      'Limit  Soft  Hard\nMax open files            1024                 4096                files\n',
    '/proc/sys/vm/max_map_count': '65530\n',
  };
  const read = (path: string): string | null => files[path] ?? null;

  it('reads what is used and what there is', () => {
    const reading = readMachine(read, () => 21, [11, 12]);
    expect(reading).to.deep.equal({
      numbers: { memoryMb: 110, mappings: 3, handles: 21 },
      limits: { memoryMb: 500, mappings: 65_530, handles: 1_024 },
    });
  });

  it('takes what is free as the limit where no group has one', () => {
    const { limits } = readMachine(
      (path) => (path.includes('cgroup') ? null : read(path)),
      () => 0,
      [],
    );
    expect(limits.memoryMb).to.equal(100 + 1_000);
  });

  it('knows no limits where nothing can be read', () => {
    expect(
      readMachine(
        () => null,
        () => 0,
        [1],
      ),
    ).to.deep.equal({
      numbers: { memoryMb: 0, mappings: 0, handles: 0 },
      limits: { memoryMb: null, mappings: null, handles: null },
    });
  });

  const cases: readonly (readonly [
    what: string,
    cgroup: string,
    files: Record<string, string>,
    mb: number[],
  ])[] = [
    ['version 2', '0::/a/b', { '/sys/fs/cgroup/a/b/memory.max': '104857600' }, [100]],
    ['version 2 in a container', '0::/', { '/sys/fs/cgroup/memory.max': '104857600\n' }, [100]],
    ['version 2 without a limit', '0::/', { '/sys/fs/cgroup/memory.max': 'max\n' }, []],
    ['version 2, limits of parents too', '0::/a/b', { '/sys/fs/cgroup/a/memory.max': '1048576' }, [1]],
    ['version 1', '4:memory:/x', { '/sys/fs/cgroup/memory/x/memory.limit_in_bytes': '1048576' }, [1]],
    [
      'version 1 in a container',
      '4:memory:/x',
      { '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1048576' },
      [1],
    ],
    [
      'other controllers',
      '5:cpu,cpuacct:/x',
      { '/sys/fs/cgroup/memory/x/memory.limit_in_bytes': '1048576' },
      [],
    ],
    ['nonsense', 'what\n\n:::', {}, []],
  ];
  for (const [what, cgroup, contents, mb] of cases) {
    it(`reads control groups: ${what}`, () => {
      expect(cgroupCeilingsMb(cgroup, (path) => contents[path] ?? null)).to.deep.equal(mb);
    });
  }

  it('reads this very machine', function () {
    if (process.platform !== 'linux') return;
    const { numbers, limits } = linuxMachine.read([process.pid]);
    expect(numbers.memoryMb).to.be.within(30, 10_000);
    expect(numbers.mappings).to.be.within(50, 50_000);
    expect(numbers.handles).to.be.within(3, 10_000);
    expect(limits.handles).to.be.greaterThan(100);
    expect(limits.mappings).to.be.greaterThan(1_000);
    expect(linuxMachine.readChild(process.pid).mappings).to.be.closeTo(numbers.mappings, 200);
    expect(linuxMachine.readChild(2 ** 30)).to.deep.equal({ mappings: 0, handles: 0 });
  });
});

describe('Admission', () => {
  const COST = { memoryMb: 10, mappings: 50, handles: 7, connections: 1 };
  const given = (more: Partial<ConstructorParameters<typeof Admission>[0]> = {}) => {
    const clock = new FakeClock();
    const state = { reads: 0, memoryMb: 100 };
    const machine: Machine = {
      read: () => {
        state.reads += 1;
        return {
          numbers: { memoryMb: state.memoryMb, mappings: 200, handles: 30 },
          limits: { memoryMb: 1_000, mappings: 65_530, handles: 1_000 },
        };
      },
      readChild: () => ({ mappings: 65_530 * 0.8 - 120, handles: 20 }),
    };
    return { clock, state, admission: new Admission({ machine, clock, children: () => [], ...more }) };
  };

  it('reads at most once a second', async () => {
    const { admission, clock, state } = given();
    for (let look = 0; look < 50; look += 1) admission.reserve(COST);
    expect([admission.numbers.memoryMb, admission.limits.memoryMb, state.reads]).to.deep.equal([
      600, 1_000, 1,
    ]);
    await clock.advance(999);
    expect([admission.numbers.memoryMb, state.reads]).to.deep.equal([600, 1]);
    await clock.advance(1);
    expect([admission.numbers.memoryMb, state.reads]).to.deep.equal([600, 2]);
  });

  it('counts what was admitted until a reading has seen it', async () => {
    const { admission, clock, state } = given();
    expect(admission.numbers.memoryMb).to.equal(100);
    const one = admission.reserve(COST);
    expect(admission.numbers).to.deep.equal({ memoryMb: 110, mappings: 250, handles: 37, connections: 2 });
    state.memoryMb = 112;
    one.settled();
    expect(admission.numbers.memoryMb).to.equal(110);
    await clock.advance(1_000);
    expect(admission.numbers).to.deep.equal({ memoryMb: 112, mappings: 200, handles: 30, connections: 2 });
    one.release();
    one.release();
    expect(admission.numbers.connections).to.equal(1);
  });

  it('forgets at once what ended before it was seen', () => {
    const { admission } = given();
    admission.reserve(COST).release();
    expect(admission.numbers).to.include({ memoryMb: 100, connections: 1 });
  });

  it('keeps the limits it is given, and never more than the machine has', () => {
    expect(given({ maxMemoryMb: 300, maxConnections: 50 }).admission.limits).to.deep.include({
      memoryMb: 300,
      connections: 50,
    });
    expect(given({ maxMemoryMb: 3_000 }).admission.limits.memoryMb).to.equal(1_000);
    expect(given().admission.limits.connections).to.equal(null);
  });

  it('knows the room in one child, and counts what it let in', () => {
    const { admission } = given();
    expect([1, 2, 3].map(() => admission.shortageIn(7, COST)?.resource ?? null)).to.deep.equal([
      null,
      null,
      'mappings',
    ]);
  });
});
