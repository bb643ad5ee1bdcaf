/** Text in columns of a given total width. Pure. */
import { printable } from '@vedette/contract';

export interface Column {
  readonly title: string;
  readonly maxWidth: number;
  /** Default: left. */
  readonly isRight?: boolean;
}

/** One header line and one line a row, none longer than `width`. */
export function layOut(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const cells = rows.map((row) =>
    columns.map(({ maxWidth }, index) => clip(printable(row[index] ?? ''), maxWidth)),
  );
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const join = (line: readonly string[]): string =>
    line
      .map((text, index) => {
        const room = widths[index] ?? 0;
        return columns[index]?.isRight === true ? text.padStart(room) : text.padEnd(room);
      })
      .join('  ')
      .trimEnd();
  return [columns.map(({ title }) => title), ...cells].map((line) => clip(join(line), width));
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
