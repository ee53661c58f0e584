/** What a size of data took. */
export interface GrowthPoint {
  readonly rows: number;
  /** Median. */
  readonly cpuMs: number;
  /** Least and most. */
  readonly spreadMs: readonly number[];
  readonly passes: number;
  readonly peakMegabytes: number;
}

/** CPU time = startMs + msPerRow * rows. */
export interface Line {
  readonly startMs: number;
  readonly msPerRow: number;
}

/** The line of least squares of relative errors, so that each size counts the same. */
export function fitLine(points: readonly GrowthPoint[]): Line {
  let [a, b, d, p, q] = [0, 0, 0, 0, 0];
  for (const { rows, cpuMs } of points) {
    const weight = cpuMs ** -2;
    a += weight;
    b += weight * rows;
    d += weight * rows * rows;
    p += weight * cpuMs;
    q += weight * rows * cpuMs;
  }
  const determinant = a * d - b * b;
  return { startMs: (p * d - b * q) / determinant, msPerRow: (a * q - b * p) / determinant };
}

const WIDTH = 720;
const LEFT = 76;
const RIGHT = 668;
/** The upper panel: CPU time. The lower one: deviation from the line. */
const TIME = { top: 56, bottom: 356 };
const DEVIATION = { top: 404, bottom: 504 };
/** Share of the line's time. */
const MOST_DEVIATION = 0.3;
const BAND = 0.15;

const STYLE = `
    svg { background: var(--paper); color: var(--ink); font: 12px system-ui, sans-serif;
      --paper: #fff; --ink: #1c1c1c; --faint: #e3e3e3; --soft: #5c5c5c; --mark: #1a6fb5; --band: #1a6fb51f; }
    @media (prefers-color-scheme: dark) { svg { --paper: #14171a; --ink: #e8e8e8; --faint: #33383d; --soft: #a3a9af; --mark: #6db3f2; --band: #6db3f229; } }
    text { fill: var(--ink); } .soft { fill: var(--soft); } .title { font-size: 14px; font-weight: 600; }
    .grid { stroke: var(--faint); } .axis { stroke: var(--soft); } .line { stroke: var(--mark); fill: none; stroke-width: 1.5; }
    .spread { stroke: var(--mark); stroke-width: 3; stroke-opacity: .35; } .point { fill: var(--mark); } .band { fill: var(--band); }`;

type Place = (value: number) => number;

/** Powers of ten, and 3 of each, from the largest below `from` to the smallest above `to`. */
function decades(from: number, to: number): { ends: [number, number]; ticks: number[] } {
  const steps: number[] = [];
  for (let power = -6; power < 12; power++) steps.push(Number(`1e${power}`), Number(`3e${power}`));
  const first = steps.findLastIndex((step) => step < from);
  const last = steps.findIndex((step) => step > to);
  return { ends: [steps[first], steps[last]], ticks: steps.slice(first, last + 1) };
}

function logScale([low, high]: readonly [number, number], from: number, to: number): Place {
  const logs = Math.log(high / low);
  return (value) => from + ((to - from) * Math.log(value / low)) / logs;
}

const text = (x: number, y: number, words: string, anchor = 'middle', style = 'soft'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${style}">${words}</text>`;
const rule = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" class="${style}"/>`;
const circle = (x: number, y: number, title: string): string =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4" class="point"><title>${title}</title></circle>`;

function columns(ticks: readonly number[], x: Place): string[] {
  return ticks.flatMap((rows) => [
    rule(x(rows), TIME.top, x(rows), TIME.bottom, 'grid'),
    rule(x(rows), DEVIATION.top, x(rows), DEVIATION.bottom, 'grid'),
    text(x(rows), DEVIATION.bottom + 18, rows.toLocaleString('en')),
  ]);
}

function timePanel(points: readonly GrowthPoint[], line: Line, x: Place): string[] {
  const seconds = points.flatMap(({ spreadMs }) => spreadMs.map((ms) => ms / 1000));
  const { ends, ticks } = decades(Math.min(...seconds), Math.max(...seconds));
  const y = logScale(ends, TIME.bottom, TIME.top);
  const [first, last] = [points[0].rows, points.at(-1)!.rows];
  const curve = Array.from({ length: 101 }, (_, i) => first * (last / first) ** (i / 100)).map(
    (rows) => `${x(rows).toFixed(1)},${y((line.startMs + line.msPerRow * rows) / 1000).toFixed(1)}`,
  );
  const label = `${(line.startMs / 1000).toFixed(2)} s + ${(line.msPerRow * 1000).toFixed(2)} µs per row`;
  return [
    ...ticks.flatMap((tick) => [
      rule(LEFT, y(tick), RIGHT, y(tick), 'grid'),
      text(LEFT - 8, y(tick) + 4, `${tick} s`, 'end'),
    ]),
    rule(LEFT, TIME.bottom, RIGHT, TIME.bottom, 'axis'),
    rule(LEFT, TIME.top, LEFT, TIME.bottom, 'axis'),
    `<polyline class="line" points="${curve.join(' ')}"/>`,
    ...points.flatMap(({ rows, cpuMs, spreadMs: [least, most] }) => [
      rule(x(rows), y(least / 1000), x(rows), y(most / 1000), 'spread'),
      circle(x(rows), y(cpuMs / 1000), `${rows.toLocaleString('en')} rows: ${(cpuMs / 1000).toFixed(2)} s`),
    ]),
    text(LEFT + 12, TIME.top + 20, label, 'start', ''),
    text(LEFT, TIME.top - 10, 'CPU time of the whole command, seconds', 'start'),
  ];
}

function deviationPanel(points: readonly GrowthPoint[], line: Line, x: Place): string[] {
  const { top, bottom } = DEVIATION;
  const y: Place = (share) => (top + bottom) / 2 - ((bottom - top) / 2) * (share / MOST_DEVIATION);
  const inside = (share: number): number => Math.max(-MOST_DEVIATION, Math.min(MOST_DEVIATION, share));
  const height = y(-BAND) - y(BAND);
  return [
    `<rect x="${LEFT}" y="${y(BAND).toFixed(1)}" width="${RIGHT - LEFT}" height="${height.toFixed(1)}" class="band"/>`,
    ...[-MOST_DEVIATION, -BAND, 0, BAND, MOST_DEVIATION].flatMap((share) => [
      rule(LEFT, y(share), RIGHT, y(share), share === 0 ? 'axis' : 'grid'),
      text(LEFT - 8, y(share) + 4, `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100)} %`, 'end'),
    ]),
    rule(LEFT, top, LEFT, bottom, 'axis'),
    ...points.flatMap(({ rows, cpuMs, spreadMs }) => {
      const share = (ms: number): number => inside(ms / (line.startMs + line.msPerRow * rows) - 1);
      const [least, most] = spreadMs.map((ms) => y(share(ms)));
      const percent = (100 * share(cpuMs)).toFixed(1);
      return [rule(x(rows), least, x(rows), most, 'spread'), circle(x(rows), y(share(cpuMs)), `${percent} %`)];
    }),
    text(LEFT, top - 10, 'Beside the line; the band is ±15 %', 'start'),
    text((LEFT + RIGHT) / 2, bottom + 38, 'rows, 30 numbers each', 'middle'),
  ];
}

/** CPU time over rows, both logarithmic, with the line fitted, and below it how far each size is from the line; SVG. */
export function plotGrowth(points: readonly GrowthPoint[], machine: string): string {
  const line = fitLine(points);
  const { ends, ticks } = decades(points[0].rows, points.at(-1)!.rows);
  const x = logScale(ends, LEFT, RIGHT);
  const height = DEVIATION.bottom + 56;
  const parts = [
    text(LEFT, 24, 'CSV to evaluated model: CPU time as rows grow', 'start', 'title'),
    ...columns(ticks, x),
    ...timePanel(points, line, x),
    ...deviationPanel(points, line, x),
    text(RIGHT, 24, machine, 'end'),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>CPU time of CSV to evaluated model as rows grow, with the line ${line.startMs.toFixed(0)} ms + ${(line.msPerRow * 1000).toFixed(2)} µs per row</title>
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`;
}
