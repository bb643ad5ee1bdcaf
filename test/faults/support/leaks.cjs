// The eight shapes of leaks: at once, in one call that does not return, or slowly, in turns of a loop that lives.
const { existsSync, unlinkSync, writeFileSync } = require('node:fs');

const kept = [];
const one = [];
const holey = [];
const map = new Map();
const MB = 1024 * 1024;
/** Buffers have no limit of V8's: so many at once are enough to be seen, and no danger to the machine. */
const MOST_BUFFERS_MB = 320;
let buffersMb = 0;

/** Each call keeps about a quarter of a megabyte more. */
const SHAPES = {
  arrays: () => kept.push(...Array.from({ length: 3 }, () => new Array(10_000).fill(0.5))),
  objects: () => {
    for (let index = 0; index < 5_000; index += 1) kept.push({ index, text: [index] });
  },
  // Under the size from which Node keeps strings outside the heap.
  strings: () => kept.push(Buffer.alloc(MB / 4, String(kept.length)).toString('latin1')),
  push: () => {
    for (let index = 0; index < 32_768; index += 1) one.push(index + 0.5);
  },
  filled: () => {
    for (let index = 0; index < 32_768; index += 1) holey[holey.length + 1] = index;
  },
  map: () => {
    for (let index = 0; index < 4_000; index += 1) map.set(map.size, { index });
  },
  json: () => kept.push(JSON.parse(`[${'{"a":[1]},'.repeat(3_000)}0]`)),
  buffers: () => {
    if (buffersMb >= MOST_BUFFERS_MB) return;
    buffersMb += 1;
    kept.push(Buffer.alloc(MB, 1));
  },
};

/** Those whose one call is the leak. */
const AT_ONCE = {
  filled: () => kept.push(new Array(1e8).fill(1)),
  json: () => kept.push(JSON.parse(`[${'{"a":[1]},'.repeat(4e6)}0]`)),
  buffers: () => {
    for (let mb = 0; mb < MOST_BUFFERS_MB; mb += 1) kept.push(Buffer.alloc(MB, 1));
  },
};

/** `fault`: `leak-SHAPE-fast` or `-slow`. `url`: a file that is there until the leak has begun, so that it leaks once. */
exports.leak = ({ fault, url, afterMs }) => {
  if (!existsSync(url)) return;
  unlinkSync(url);
  const [, shape, speed] = fault.split('-');
  if (speed === 'fast') {
    const grow = SHAPES[shape];
    if (shape in AT_ONCE) AT_ONCE[shape]();
    else for (;;) grow();
    return;
  }
  setInterval(() => {
    SHAPES[shape]();
    // Says that it goes on: who looks at this file sees when it was ended.
    writeFileSync(`${url}.goes-on`, '');
  }, afterMs);
};
