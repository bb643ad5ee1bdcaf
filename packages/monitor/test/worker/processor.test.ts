import { expect } from 'chai';
import { isProcessorBusy, pressureIn } from '../../src/worker/processor.js';

describe('whether the processor is busy', () => {
  const TEXT = `some avg10=SOME avg60=13.87 avg300=45.55 total=17087108862
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
`;
  const CASES: readonly (readonly [what: string, text: string, percent: number | null])[] = [
    ['nobody waits', TEXT.replace('SOME', '0.00'), 0],
    ['somebody always waits', TEXT.replace('SOME', '100'), 100],
    ['the kernel keeps no account', '', null],
    ['another form', 'some avg10=high avg60=13.87', null],
    ['only that of all tasks', 'full avg10=1.00 avg60=0.00', null],
  ];
  for (const [what, text, percent] of CASES) {
    it(`${what}: ${String(percent)}`, () => {
      expect(pressureIn(text)).to.equal(percent);
    });
  }

  it('is said of this machine', () => {
    expect(isProcessorBusy()).to.be.a('boolean');
  });
});
