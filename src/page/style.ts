/** Number of colours `--series-1`, `--series-2`, … that tell series of a chart apart. */
export const SERIES_COLORS = 8;

const LIGHT = ['#2f6db3', '#d9822b', '#2e9e83', '#b8486a', '#7b61b5', '#8c8c3e', '#3f9bc1', '#8a6a52'];
const DARK = ['#6ea8ec', '#f0a35a', '#5bc7a8', '#e5809c', '#ab95e6', '#c2c267', '#7fcbe8', '#c09a80'];

const series = (colors: readonly string[]): string => colors.map((c, i) => `--series-${i + 1}: ${c};`).join(' ');

/**
 * The style of every page: system fonts, tabular figures in tables, light and dark by the reader's preference. Colours are
 * custom properties: `--page`, `--panel`, `--ink`, `--muted`, `--line`, `--warn`, `--bad`, `--good`, `--series-1` to `--series-8`.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --panel: #ffffff; --ink: #1d2126; --muted: #5e6670; --line: #e2e4e7;
  --warn: #96600a; --bad: #b3261e; --good: #1f7a4d;
  ${series(LIGHT)}
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --panel: #1c2025; --ink: #e4e7eb; --muted: #9aa3ad; --line: #30363d;
    --warn: #e0ad55; --bad: #f2857c; --good: #6cc99a;
    ${series(DARK)}
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 66rem;
  background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { margin: 0 0 0.25rem; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.25rem; line-height: 1.3; overflow-wrap: anywhere; }
h3 { margin: 1.25rem 0 0.5rem; font-size: 1rem; }
p { margin: 0 0 0.75rem; max-width: 46rem; }
a { color: var(--series-1); }
code { font: 0.92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
small, .muted { color: var(--muted); }
.warn { color: var(--warn); }
.bad { color: var(--bad); }
.good { color: var(--good); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.28rem 0.9rem 0.28rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--muted); font-weight: 500; white-space: nowrap; }
th.number, td.number { text-align: right; }
.scroll { overflow-x: auto; }
section.panel {
  margin: 1rem 0; padding: 1.1rem 1.3rem; border: 1px solid var(--line); border-radius: 10px; background: var(--panel);
}
figure { margin: 0; }
svg { --plot-background: var(--panel) !important; color: var(--ink); max-width: 100%; height: auto; overflow: visible; }
figure [class$="-swatches"] { color: var(--ink); font-size: 12px; }
@media print { body { max-width: none; padding: 0; } section.panel { break-inside: avoid; } }
`;
