/**
 * A program on a terminal of its own, made by `script` of util-linux, and what stands on its screen. Promise: it
 * never outlives its test by more than its stop. Knows what our own programs write, not all a terminal can do.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { treeOf } from '@vedette/cli/process-tree';
import { eventually } from './eventually.js';
import { PATIENCE } from './patience.js';

export interface Terminal {
  /** All that was written so far. */
  written(): string;
  /** Lines of the screen. */
  screen(): string[];
  /** Resolves when a line of the screen matches. */
  shows(text: RegExp, deadlineMs?: number): Promise<void>;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Of the program itself; null where it is gone. */
  pid(): number | null;
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

const STOP_MS = 5_000 * PATIENCE;

export function startTerminal(
  command: readonly string[],
  {
    columns,
    rows,
    env = {},
  }: { readonly columns: number; readonly rows: number; readonly env?: Readonly<Record<string, string>> },
): Terminal {
  const quoted = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('script', ['-qfec', `stty cols ${columns} rows ${rows}; exec ${quoted}`, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const pid = (): number | null => treeOf(child.pid ?? 0).find((one) => one !== child.pid) ?? null;
  const screen = (): string[] => screenOf(written);
  return {
    written: () => written,
    screen,
    shows: async (text, deadlineMs = 20_000) => {
      await eventually(
        () => {
          if (screen().some((line) => text.test(line))) return true;
          throw new Error(`the screen does not show ${String(text)}\n${screen().join('\n')}`);
        },
        { deadlineMs },
      );
    },
    type: (keys) => child.stdin.write(keys),
    resize: (to, lines) => {
      const tty = readlinkSync(`/proc/${pid() ?? 0}/fd/0`);
      execFileSync('stty', ['-F', tty, 'cols', String(to), 'rows', String(lines)]);
    },
    pid,
    ended,
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

// eslint-disable-next-line no-control-regex -- what a terminal is told
const PARTS = /\u001b\[([?\d;]*)([a-zA-Z])|([^\u001b]+)/g;

/** What stands where after all of it, without colours. Pure. */
export function screenOf(written: string): string[] {
  const lines: string[] = [];
  let [row, column] = [0, 0];
  for (const [, parameters = '', command = '', text = ''] of written.matchAll(PARTS)) {
    if (command === 'H') [row = 0, column = 0] = parameters.split(';').map((one) => Number(one) - 1);
    else if (command === 'J') lines.length = 0;
    else if (command === 'K') lines[row] = (lines[row] ?? '').slice(0, column);
    else if (text !== '') {
      lines[row] =
        (lines[row] ?? '').padEnd(column).slice(0, column) +
        text +
        (lines[row] ?? '').slice(column + text.length);
      column += text.length;
    }
  }
  return Array.from(lines, (line: string | undefined) => line ?? '');
}
