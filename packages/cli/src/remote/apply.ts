/**
 * `vedette apply FILE` and `reload`: config for a running manager. Promise: nothing is stored before all of FILE was
 * planned and found usable, and what was done is told even where the rest failed.
 */
import type { JsonObject } from '@vedette/contract';
import { messagesOf } from '../commands/publish.js';
import { readGoodConfigFile } from '../config-file.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { createRegistry } from '../registry.js';
import { ApiRefusal, type ApiClient } from './api-client.js';
import { planText, refusalLines, type PlanShown, type RefusalShown } from './plan-text.js';

export interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly strategy?: readonly string[];
  readonly json?: boolean;
}

interface Answer {
  readonly scopes: readonly PlanShown[];
}

/** Exit status: 0 all of it is applied, or could be; 1 part was refused, or nothing applied. */
export async function apply(
  api: ApiClient,
  path: string,
  options: ApplyOptions,
  width: number,
): Promise<number> {
  const registry = await createRegistry(process.env, options.strategy);
  const messages = [...messagesOf(await readGoodConfigFile(path, registry), registry)];
  const send = (
    [routingKey, config]: readonly [string, JsonObject],
    dryRun: boolean,
  ): Promise<readonly PlanShown[]> => sent(api, { routingKey, config, dryRun });

  const planned: PlanShown[] = [];
  for (const message of messages) planned.push(...(await send(message, true)));
  const isUsable = planned.every((one) => one.isUsable);
  if (options.dryRun === true || !isUsable) {
    show(planned, false, options.json === true, width);
    if (isUsable) return statusOf(planned);
    throw new CommandFailure(
      EXIT.failure,
      'part of it cannot be used as a whole, so nothing was applied',
      'Correct what is refused above; `vedette check FILE` helps',
    );
  }
  const done: PlanShown[] = [];
  try {
    for (const message of messages) done.push(...(await send(message, false)));
  } catch (error) {
    show(done, true, options.json === true, width);
    throw error;
  }
  show(done, true, options.json === true, width);
  return statusOf(done);
}

/** Exit status: 0 the file was taken, 1 it was refused. */
export async function reload(api: ApiClient): Promise<number> {
  const { isTaken, refusals } = await api.post<{
    readonly isTaken: boolean;
    readonly refusals: readonly RefusalShown[];
  }>('/api/v1/reload');
  if (isTaken) {
    process.stdout.write('reload: the file was taken\n');
    return EXIT.ok;
  }
  process.stdout.write(`reload: refused, what ran goes on\n${refusals.flatMap(refusalLines).join('\n')}\n`);
  return EXIT.failure;
}

async function sent(
  api: ApiClient,
  body: { readonly routingKey: string; readonly config: JsonObject; readonly dryRun: boolean },
): Promise<readonly PlanShown[]> {
  try {
    return (await api.post<Answer>('/api/v1/configs', body)).scopes;
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== 'MANAGER_OWNS_FILE') throw error;
    throw new CommandFailure(
      EXIT.failure,
      'MANAGER_OWNS_FILE the manager runs what its own file says, and takes no other config',
      'Edit the file it was started with; it is read again by itself, or at once with `vedette reload`',
    );
  }
}

function statusOf(plans: readonly PlanShown[]): number {
  return plans.every(({ refusals }) => refusals.length === 0) ? EXIT.ok : EXIT.failure;
}

function show(scopes: readonly PlanShown[], isApplied: boolean, isJson: boolean, width: number): void {
  const text = isJson
    ? JSON.stringify({ isApplied, scopes }, null, 2)
    : planText(scopes, isApplied, width).join('\n');
  process.stdout.write(`${text}\n`);
}
