/**
 * `npm run test:faults`: the fault suite in its short form, as `npm test` runs it too; with `--long` the
 * campaigns, whose options are told in test/faults/campaigns/index.ts. Exit code: that of what was run.
 */
import { spawn } from 'node:child_process';
import { ensureRabbit } from './rabbitmq.mjs';
import { ROOT, setup } from './setup.mjs';

const words = process.argv.slice(2);
const isLong = words.includes('--long');
const rest = words.filter((word) => word !== '--long');
const args = isLong
  ? ['--import', 'tsx', 'test/faults/campaigns/index.ts', ...rest]
  : ['.ci/test.mjs', '--only', 'test/faults/', ...rest];

const isReady = !isLong || ((await setup({ isQuiet: true })) && (await ensureRabbit()));
process.exitCode = isReady ? await run() : 1;

function run() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
    // A terminal's Ctrl-C reaches the child by itself; this only waits for it.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
