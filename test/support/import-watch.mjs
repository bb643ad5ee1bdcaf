/** Imports each module named on the command line and prints, as JSON, what importing it did beside that. */
import process from 'node:process';

const EVENTS = [
  'exit',
  'beforeExit',
  'uncaughtException',
  'unhandledRejection',
  'warning',
  'SIGINT',
  'SIGTERM',
  'message',
];

function look() {
  return {
    // zod keeps two of its own, which its copies share.
    globals: [...Object.getOwnPropertyNames(globalThis), ...Object.getOwnPropertySymbols(globalThis)].filter(
      (name) => !String(name).startsWith('__zod_'),
    ).length,
    // Of Node itself while modules load: files, promises and the pipes of stdout and stderr.
    resources: process
      .getActiveResourcesInfo()
      .filter((name) =>
        /Timeout|Immediate|TCP|UDP|Worker|MessagePort|Process|StatWatcher|FSEvent|Signal/.test(name),
      ),
    listeners: EVENTS.map((event) => process.listenerCount(event)),
    environment: Object.entries(process.env),
    place: [process.cwd(), process.title, process.umask(), process.exitCode ?? null],
    prototypes: [Object, Array, String, Promise, Error, Function].map(
      ({ prototype }) => Reflect.ownKeys(prototype).length,
    ),
    errors: [Error.stackTraceLimit, typeof Error.prepareStackTrace],
  };
}

const found = {};
for (const name of process.argv.slice(2)) {
  const before = look();
  await import(name);
  const after = look();
  found[name] = Object.keys(before).filter(
    (what) => JSON.stringify(before[what]) !== JSON.stringify(after[what]),
  );
}
process.stdout.write(JSON.stringify(found));
