/** What a page of metrics is made with: bytes that grow, and work in pieces. */
import { expect } from 'chai';
import { PageWriter } from '../src/metrics/page-writer.js';
import { Slices } from '../src/metrics/slices.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('PageWriter', () => {
  it('holds what was written, whatever its size and its letters', () => {
    for (const expected of [0, 100, 10_000_000]) {
      const page = new PageWriter(expected);
      let text = '';
      for (let index = 0; index < 5_000; index += 1) {
        if (index % 1_000 === 0) {
          page.text(`# HELP höhe ${'▓'.repeat(index)}\n`);
          text += `# HELP höhe ${'▓'.repeat(index)}\n`;
        }
        page.line(bytes('height'), bytes(`{name="gëth ${index}"} `), String(index / 8));
        text += `height{name="gëth ${index}"} ${index / 8}\n`;
      }
      expect(page.done().toString() === text, `expecting ${expected} bytes`).to.be.true;
    }
  });

  it('is empty before anything is written', () => {
    expect(new PageWriter().done()).to.have.length(0);
  });
});

describe('Slices', () => {
  it('asks to pause when a piece took 3 ms by the clock it was given, and begins anew afterwards', async () => {
    let now = 0;
    const slices = new Slices({ monotonic: () => now });
    now = 2.9;
    expect(slices.pause()).to.equal(null);
    now = 3;
    const pause = slices.pause();
    expect(pause).to.be.a('promise');
    let isElsewhere = false;
    setImmediate(() => (isElsewhere = true));
    now = 50;
    await pause;
    await slices.pause();
    expect(slices.pause()).to.equal(null);
    now = 53;
    await slices.pause();
    expect(isElsewhere).to.be.true;
  });
});
