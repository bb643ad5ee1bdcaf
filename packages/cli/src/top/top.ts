/** `vedette top`: the running manager's monitors, live, with keys. Promise: the terminal is as before when it ends. */
import { EXIT } from '../exit-codes.js';
import type { ApiClient } from '../remote/api-client.js';
import { chosen } from './order.js';
import { Feed } from './feed.js';
import { frameOf, roomFor } from './frame.js';
import type { Monitor } from './fleet.js';
import { Screen } from './screen.js';
import { FIRST_VIEW, press, settled, type Key, type View } from './view.js';

/** At most so often; ages move once a second even where nothing happens. */
const FRAME_MS = 250;
const TICK_FRAMES = 4;
const DETAIL_MS = 1_000;

/** Both ends of the terminal are TTYs. Exit status 0; a manager that does not answer at first is a CommandFailure. */
export async function showTop(api: ApiClient, isColoured: boolean): Promise<number> {
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  let isDirty = true;
  let view: View = FIRST_VIEW;
  let ordered: readonly Monitor[] = [];
  let detail: { readonly id: string; readonly lines: readonly string[] | null; readonly at: number } | null =
    null;
  const changed = (): void => {
    isDirty = true;
  };
  const feed = new Feed(api, ended.signal, changed);
  await feed.load();

  const choose = (): void => {
    ordered = chosen(feed.monitors.values(), view);
    view = settled(view, shown());
  };
  const shown = () => ({ ids: ordered.map(({ id }) => id), rows: roomFor(screen.size) });
  const draw = (): void => {
    isDirty = false;
    choose();
    const byState: Record<string, number> = {};
    for (const { state } of feed.monitors.values()) byState[state] = (byState[state] ?? 0) + 1;
    const scene = {
      view,
      monitors: ordered,
      total: feed.monitors.size,
      byState,
      headline: headlineOf(feed, api.base),
      detail: detail?.lines ?? null,
      now: Date.now(),
    };
    if (!screen.draw(frameOf(scene, screen.size, isColoured))) isDirty = true;
  };
  const look = (): void => {
    if (!view.isDetail || view.selectedId === null) {
      detail = null;
      return;
    }
    const id = view.selectedId;
    const now = performance.now();
    if (detail?.id === id && now - detail.at < DETAIL_MS) return;
    detail = { id, lines: detail?.id === id ? detail.lines : null, at: now };
    void feed.detail(id).then((lines) => {
      if (detail?.id === id) detail = { ...detail, lines };
      isDirty = true;
    });
  };
  const onKey = (key: Key): void => {
    const next = press(view, key, shown());
    if (next === null) {
      end();
      return;
    }
    view = next;
    look();
    // A key is answered at once, whatever the pace of the rest.
    draw();
  };
  const screen = new Screen({ out: process.stdout, in: process.stdin, onKey, onChange: changed });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  let frames = 0;
  const timer = setInterval(() => {
    frames += 1;
    look();
    if (isDirty || frames % TICK_FRAMES === 0) draw();
  }, FRAME_MS);
  try {
    screen.open();
    draw();
    await feed.follow();
  } finally {
    clearInterval(timer);
    screen.close();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end);
  }
  return EXIT.ok;
}

function headlineOf({ status, problem }: Feed, base: string): string {
  if (problem !== null) return `vedette at ${base}: ${problem}; trying again`;
  if (status === null) return `vedette at ${base}`;
  const ready = status.isReady ? 'ready' : `not ready: ${status.missing.join(', ')}`;
  return `vedette ${status.version} at ${base}: ${status.state}, ${ready}, broker ${status.brokerLink}`;
}
