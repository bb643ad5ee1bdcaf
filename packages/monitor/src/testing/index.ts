/** For authors of monitors: what their tests are written with. Never part of a worker. */
export { FakeClock, settle } from './fake-clock.js';
export {
  MonitorHarness,
  type CapturedLog,
  type CapturedMessage,
  type HarnessOptions,
  type PlayedRound,
} from './harness.js';
