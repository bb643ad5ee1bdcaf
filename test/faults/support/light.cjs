// A monitor as light as can be, that misbehaves as its settings say: in its third round, once, since the state of
// the round before survives the restart. Plain CommonJS, so that a hundred threads load nothing they do not need.
const never = () => new Promise(() => undefined);

const FAULTS = {
  none: () => undefined,
  'throw-in-timer': () =>
    void setTimeout(() => {
      throw new Error('thrown in a timer');
    }, 0),
  'throw-in-promise': () => void Promise.reject(new Error('thrown in a promise')),
  'exit-0': () => process.exit(0),
  'exit-1': () => process.exit(1),
  'while-true': () => {
    for (;;);
  },
  'microtask-loop': () => {
    // Not chained: a chain would end for want of memory.
    const again = () => void Promise.resolve().then(again);
    again();
    return never();
  },
  'next-tick-loop': () => {
    const again = () => process.nextTick(again);
    again();
    return never();
  },
  regex: () => /^(a+)+$/.test(`${'a'.repeat(60)}!`),
  'atomics-wait': () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  'exec-sync': () => require('node:child_process').execSync('sleep 7'),
  'exec-sync-long': () => require('node:child_process').execSync('sleep 60'),
  pbkdf2: () => require('node:crypto').pbkdf2Sync('x', 'y', 8_000_000, 64, 'sha512'),
  'never-settles': never,
  'rpc-without-answer': (ctx) => fetch(ctx.settings.url),
  'rpc-with-signal': (ctx) => fetch(ctx.settings.url, { signal: ctx.signal }),
  'slow-leak': () => {
    const hoard = [];
    // Slow where it counts: some seconds lie between the mark and the limit, also on a busy machine.
    const grow = () => {
      const items = process.memoryUsage().heapUsed < 15e6 ? 1_500 : 200;
      for (let i = 0; i < items; i += 1) hoard.push({ text: `item ${i} ${Math.random()}` });
      setTimeout(grow, 20);
    };
    grow();
  },
  // The author's code fails, the worker does not.
  'throw-in-round': () => {
    throw new Error('thrown in a round');
  },
};

/** Tells two workers of one monitor apart. */
const run = Math.floor(Math.random() * 1e9);
let rounds = 0;

const monitor = {
  open(ctx) {
    const { fault, afterMs } = ctx.settings;
    if (fault === 'throw-in-open') throw new Error('thrown in open');
    // In every life: a unit that dies just after it counts as stable.
    if (fault === 'exit-later') setTimeout(() => process.exit(7), afterMs);
  },
  async round(ctx, state) {
    rounds += 1;
    const total = (typeof state === 'number' ? state : 0) + 1;
    if (ctx.settings.fault === 'loop-on-file') loopOnFile(ctx);
    if (ctx.settings.fault.startsWith('leak-')) require('./leaks.cjs').leak(ctx.settings);
    if (rounds === 3 && total === 3) await FAULTS[ctx.settings.fault]?.(ctx);
    return {
      messages: [
        { routingKey: 'test.light', body: { name: ctx.monitor.name, total, value: ctx.settings.value, run } },
      ],
      state: total,
      facts: { total_rounds: total },
    };
  },
  close(ctx) {
    // Looks well until it is asked to stop.
    if (ctx.settings.fault === 'loop-in-close') for (;;);
  },
};

/** The file is gone before the loop begins, so that the replacement works. */
function loopOnFile({ settings, monitor: { name } }) {
  const { existsSync, unlinkSync } = require('node:fs');
  const file = `${settings.url}/${name}`;
  if (!existsSync(file)) return;
  unlinkSync(file);
  for (;;);
}

module.exports = Object.assign(monitor, { [Symbol.for('vedette.monitor')]: true });
