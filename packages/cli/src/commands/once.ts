/** `vedette once FILE --id ID`: one round of one monitor in a real worker, as JSON on stdout. */
import type { JsonValue, MonitorSpec, WireMessage } from '@vedette/contract';
import type { ConfigSource } from '@vedette/manager';
import { readGoodConfigFile } from '../config-file.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { createHost } from '../hosts.js';
import { createLogger } from '../logger.js';
import { createRegistry } from '../registry.js';
import { createManager } from '../runtime.js';

/** Beyond the round's own deadline: thread start and stop. */
const SLACK_MS = 20_000;

export async function once(file: string, id: string, modules?: readonly string[]): Promise<number> {
  const registry = await createRegistry(process.env, modules);
  const { specs } = await readGoodConfigFile(file, registry);
  const spec = specs.find((one) => one.origin.configId === id || one.id === id);
  if (spec === undefined) {
    const ids = specs.map((one) => one.origin.configId).join(', ');
    throw new CommandFailure(
      EXIT.usage,
      `no monitorable has the id ${JSON.stringify(id)}`,
      `Use one of: ${ids}`,
    );
  }
  const logger = createLogger({ level: 'warn', format: 'pretty', isColoured: process.stderr.isTTY });
  const manager = createManager({
    registry,
    host: await createHost({ word: 'thread', threads: null, density: null }, process.env, logger),
    file,
    broker: 'embedded',
    stateFolder: '',
    logger,
    logLevel: 'warn',
    maxConcurrentStarts: 1,
    isEchoed: true,
    source: onlySpec(spec),
  });
  const messages: WireMessage[] = [];
  manager.supervisor.on('message.published', ({ message }) => messages.push(message));
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<'late' | { outcome: string; report: Record<string, JsonValue> }>((resolve) => {
    timer = setTimeout(() => {
      resolve('late');
    }, spec.limits.roundTimeoutMs + SLACK_MS);
    manager.supervisor.on('monitor.round-ended', ({ round }) => {
      const { outcome, durationMs, facts, reported, error } = round;
      const problem = error === null ? null : { code: error.code, message: error.message };
      resolve({
        outcome,
        report: {
          outcome,
          durationMs,
          facts: { ...facts },
          reported: reported && { ...reported },
          error: problem,
        },
      });
    });
    manager.supervisor.on('monitor.state-changed', ({ to }) => {
      if (to.state !== 'failed' && to.state !== 'backoff') return;
      const error = to.state === 'failed' ? to.error : to.reason;
      const problem = { code: error.code, message: error.message };
      resolve({ outcome: to.state, report: { outcome: to.state, error: problem } });
    });
  });
  await manager.start();
  const result = await ended;
  clearTimeout(timer);
  await manager.stop();
  if (result === 'late') throw new CommandFailure(EXIT.failure, `no round of ${id} ended in time`);
  const head = JSON.stringify({ id, kind: spec.kind, ...result.report });
  // Bodies stand as published, so that reals stay reals.
  const bodies = messages.map(
    ({ exchange, routingKey, content }) =>
      `${JSON.stringify({ exchange, routingKey }).slice(0, -1)},"body":${content}}`,
  );
  process.stdout.write(`${head.slice(0, -1)},"messages":[${bodies.join(',')}]}\n`);
  return result.outcome === 'ok' ? EXIT.ok : EXIT.failure;
}

function onlySpec(spec: MonitorSpec): ConfigSource {
  return {
    start(sink) {
      sink.acceptSpecs('once', [spec]);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}
