import { expect } from 'chai';
import { inspect } from 'node:util';
import { DEFAULT_LIMITS, monitorSpec, type VedetteError } from '@vedette/contract';
import {
  checkedDensity,
  connectionsOf,
  heapLimitsOf,
  isPastMark,
  memoryShareOf,
} from '../../src/hosts/density.js';

describe('density', () => {
  for (const density of [1, 2, 10, 200]) {
    it(`takes ${density}`, () => {
      expect(checkedDensity(density)).to.equal(density);
    });
  }

  for (const density of [0, -1, 201, 1.5, NaN, Infinity, '10', null, undefined, { password: 'hidden' }]) {
    it(`refuses ${inspect(density)}, naming the limit`, () => {
      const refused = (() => {
        try {
          checkedDensity(density);
          return null;
        } catch (error) {
          return error as VedetteError;
        }
      })();
      expect(refused?.code).to.equal('HOST_OPTION_INVALID');
      expect(refused?.message).to.contain('1 to 200').and.not.contain('hidden');
      expect(refused?.details).to.include({ field: 'density', least: 1, most: 200 });
    });
  }

  for (const [density, own, isPackable, connections] of [
    [10, undefined, true, 0.1],
    [10, undefined, undefined, 0.1],
    [10, 50, true, 0.02],
    [10, undefined, false, 1],
    [1, undefined, true, 1],
  ] as const) {
    it(`counts ${connections} of a connection at ${density}, of its own ${own}, packable: ${isPackable}`, () => {
      const spec = monitorSpec({ id: 'a', module: 'file:///a.mjs', periodMs: 1_000 });
      const hosting = own === undefined ? {} : { hosting: { density: own, by: 'monitor' as const } };
      const packable = isPackable === undefined ? {} : { isPackable };
      expect(connectionsOf({ ...spec, ...hosting, ...packable }, density)).to.equal(connections);
    });
  }

  const limits: readonly [density: number, youngMb: number, oldMb: number, share: number][] = [
    [1, 1, 24, 1],
    [10, 1.5625, 78, 1 / 10],
    [100, 7.1875, 618, 1 / 100],
    [200, 13.4375, 1218, 1 / 200],
  ];
  for (const [density, youngMb, oldMb, share] of limits) {
    it(`gives a thread of ${density} a heap of ${oldMb} MiB`, () => {
      expect(heapLimitsOf(DEFAULT_LIMITS, density, 4)).to.deep.equal({
        maxYoungGenerationSizeMb: youngMb,
        maxOldGenerationSizeMb: oldMb,
        stackSizeMb: 4,
      });
      expect(memoryShareOf(density)).to.equal(share);
    });
  }

  it('tells no monitor of a full thread that it is at its own mark of 80 %', () => {
    for (const density of [2, 3, 10, 200]) {
      const { maxOldGenerationSizeMb = 0 } = heapLimitsOf(DEFAULT_LIMITS, density, 4);
      expect(maxOldGenerationSizeMb * memoryShareOf(density)).to.be.lessThan(DEFAULT_LIMITS.oldMb * 0.8);
    }
  });

  it('lets no young generation grow past 16 MiB, but leaves one that is larger already', () => {
    const young = (youngMb: number) => heapLimitsOf({ ...DEFAULT_LIMITS, youngMb }, 200, 4);
    expect(young(4).maxYoungGenerationSizeMb).to.equal(16);
    expect(young(32).maxYoungGenerationSizeMb).to.equal(32);
  });

  const marks: readonly [heapMb: number, externalMb: number, isPast: boolean][] = [
    [54, 0, false],
    [55, 0, true],
    [0, 145, false],
    [0, 146, true],
  ];
  for (const [heapMb, externalMb, isPast] of marks) {
    it(`finds ${heapMb} MiB of heap and ${externalMb} outside ${isPast ? 'too much' : 'well'} for ten`, () => {
      expect(isPastMark(DEFAULT_LIMITS, 10, heapMb * 1024, externalMb * 1024)).to.equal(isPast);
    });
  }
});
