/** Bar and line charts as SVG text. Pure: the same data give the same bytes, and no text of theirs becomes markup. */

export interface Bar {
  readonly label: string;
  /** Null: nothing is drawn but `note`. */
  readonly value: number | null;
  /** A tick across the bar. */
  readonly floor: number | null;
  readonly note?: string;
}
export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 800;
const LABEL_WIDTH = 250;
const VALUE_WIDTH = 130;
const LEGEND_WIDTH = 250;
const BAR_HEIGHT = 14;
const ROW_HEIGHT = 22;
const TOP = 44;
const PLOT_HEIGHT = 260;
const COLOURS = ['#2f6fb0', '#c8641e', '#3d8b4a', '#8a4fa3', '#a88a10', '#b03a55', '#4a7f88', '#6b6b6b'];
/** Values further apart than this are shown on a logarithmic scale. */
const LOG_FROM = 60;
/** Longer ones do not fit. */
const LONGEST_LABEL = 38;

export function barChart(title: string, unit: string, bars: readonly Bar[]): string {
  const width = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const scale = scaleOf(
    bars.flatMap(({ value, floor }) => [value ?? 0, floor ?? 0]),
    width,
  );
  const rows = bars.map(({ label, value, floor, note }, index) => {
    const y = TOP + index * ROW_HEIGHT;
    const length = value === null ? 0 : scale.at(value);
    const tick = floor === null ? '' : line(LABEL_WIDTH + scale.at(floor), y - 2, 0, BAR_HEIGHT + 4, 'floor');
    const said = value === null ? (note ?? 'not measured') : `${plain(value)} ${unit}`.trim();
    return [
      text(LABEL_WIDTH - 8, y + 11, label, 'end'),
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${round(length)}" height="${BAR_HEIGHT}" fill="${COLOURS[0] ?? ''}"/>`,
      tick,
      text(LABEL_WIDTH + Math.max(length, floor === null ? 0 : scale.at(floor)) + 6, y + 11, said, 'start'),
    ].join('');
  });
  const hasFloor = bars.some(({ floor }) => floor !== null);
  const words = [scale.isLog ? 'logarithmic' : '', hasFloor ? 'the tick is the floor' : ''].filter(Boolean);
  return svg(title, words.join('; '), TOP + bars.length * ROW_HEIGHT + 10, rows);
}

export function lineChart(title: string, unit: string, xName: string, series: readonly Series[]): string {
  const left = 70;
  const width = WIDTH - left - LEGEND_WIDTH;
  const all = series.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  const x = scaleOf(xs, width);
  const y = scaleOf(
    all.map(([, value]) => value),
    PLOT_HEIGHT,
  );
  const bottom = TOP + PLOT_HEIGHT;
  const place = ([px, py]: readonly [number, number]): string =>
    `${round(left + x.at(px))},${round(bottom - y.at(py))}`;
  const parts = [
    line(left, TOP, 0, PLOT_HEIGHT, 'axis'),
    line(left, bottom, width, 0, 'axis'),
    ...xs.map((value) => text(left + x.at(value), bottom + 16, plain(value), 'middle')),
    text(left + width / 2, bottom + 34, xName, 'middle'),
    ...y.ticks.map((value) => text(left - 6, bottom - y.at(value) + 4, plain(value), 'end')),
    ...y.ticks.map((value) => line(left, bottom - y.at(value), width, 0, 'grid')),
    ...series.flatMap(({ label, points }, index) => {
      const colour = COLOURS[index % COLOURS.length] ?? '';
      const dots = points.map((point) => {
        const [cx, cy] = place(point).split(',');
        return `<circle cx="${cx ?? ''}" cy="${cy ?? ''}" r="3" fill="${colour}"/>`;
      });
      const labelY = TOP + 10 + index * 18;
      return [
        `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...dots,
        `<rect x="${WIDTH - LEGEND_WIDTH + 10}" y="${labelY - 9}" width="10" height="10" fill="${colour}"/>`,
        text(WIDTH - LEGEND_WIDTH + 26, labelY, label, 'start'),
      ];
    }),
  ];
  const height = Math.max(bottom + 44, TOP + 20 + series.length * 18);
  return svg(`${title}${unit === '' ? '' : `, ${unit}`}`, y.isLog ? 'logarithmic' : '', height, parts);
}

interface Scale {
  readonly isLog: boolean;
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** From zero, or logarithmic from a tenth of the least positive value. */
function scaleOf(values: readonly number[], length: number): Scale {
  const positive = values.filter((value) => value > 0);
  const most = Math.max(...positive, 1e-9);
  const least = Math.min(...positive, most);
  if (most / least <= LOG_FROM) {
    const ticks = [0.25, 0.5, 0.75, 1].map((share) => share * most);
    return { isLog: false, ticks, at: (value) => Math.max(0, value / most) * length };
  }
  const from = Math.floor(Math.log10(least));
  const span = Math.log10(most) - from;
  const decades = Array.from({ length: Math.floor(span) + 1 }, (_none, index) => 10 ** (from + index));
  return {
    isLog: true,
    ticks: decades,
    at: (value) => (value <= 0 ? 0 : Math.max(0, (Math.log10(value) - from) / span) * length),
  };
}

function svg(title: string, subtitle: string, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<style>text{font:12px sans-serif;fill:#222}.head{font-weight:bold;font-size:14px}.sub{fill:#666}',
    '.axis{stroke:#666}.grid{stroke:#ddd}.floor{stroke:#c8641e;stroke-width:2}</style>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text class="head" x="10" y="20">${escaped(title)}</text>`,
    subtitle === '' ? '' : `<text class="sub" x="10" y="36">${escaped(subtitle)}</text>`,
    ...parts,
    '</svg>',
    '',
  ]
    .filter((part, index, list) => part !== '' || index === list.length - 1)
    .join('\n');
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end'): string {
  const shown = words.length > LONGEST_LABEL ? `${words.slice(0, LONGEST_LABEL - 1)}…` : words;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(shown)}</text>`;
}

function line(x: number, y: number, dx: number, dy: number, className: string): string {
  return `<line class="${className}" x1="${round(x)}" y1="${round(y)}" x2="${round(x + dx)}" y2="${round(y + dy)}"/>`;
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function plain(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 1_000)}k` : String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
