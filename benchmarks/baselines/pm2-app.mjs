/** PM2's way: one process per monitor, each an app. Settings come by the environment. */
import { onGrid, openRounds } from './work.mjs';

const { BENCH_AMQP, BENCH_PAGE, BENCH_NAME, BENCH_PERIOD, BENCH_DELAY } = process.env;

// PM2 forks with a channel: when PM2 is gone, so is this.
process.on('disconnect', () => process.exit());
openRounds(BENCH_AMQP).then((round) => {
  onGrid(Number(BENCH_PERIOD), Number(BENCH_DELAY), () => round(BENCH_NAME, BENCH_PAGE));
});
