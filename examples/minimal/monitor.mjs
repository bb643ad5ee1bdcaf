// Runs in its own thread: one observation a round.
import { freemem } from 'node:os';
import { defineMonitor } from '@vedette/monitor';

export default defineMonitor({
  round: () => ({ messages: [], facts: { memory_free_bytes: freemem() } }),
});
