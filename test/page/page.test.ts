import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { escapeHtml } from '../../src/page/escape.js';
import { htmlPage } from '../../src/page/page.js';
import { openPlot, optional, type Plotter } from '../../src/page/plot.js';
import { PAGE_STYLE, SERIES_COLORS } from '../../src/page/style.js';

describe('escapeHtml', () => {
  it('makes text harmless in content and in attributes', () => {
    const nasty = `<script>alert("a" & 'b')</script>`;
    const { document } = parseHTML(`<p title="${escapeHtml(nasty)}">${escapeHtml(nasty)}</p>`);
    expect(document.querySelector('script')).toBeNull();
    expect(document.querySelector('p')?.textContent).toBe(nasty);
    expect(document.querySelector('p')?.getAttribute('title')).toBe(nasty);
  });
});

describe('htmlPage', () => {
  it('is one document with title, body, style and script', () => {
    const { document } = parseHTML(
      htmlPage({ title: 'a < b', body: '<main>here</main>', style: 'main { color: red }', script: 'const x = 1;' }),
    );
    expect(document.title).toBe('a < b');
    expect(document.querySelector('main')?.textContent).toBe('here');
    expect(document.querySelector('style')?.textContent).toContain('main { color: red }');
    expect(document.querySelector('script')?.textContent).toContain('const x = 1;');
  });

  it('asks for nothing from outside, and forbids it', () => {
    const page = htmlPage({ title: 't', body: '' });
    expect(page).not.toMatch(/https?:|\/\/[a-z]|<link|@import|url\(/i);
    expect(page).toContain("default-src 'none'");
  });

  it('has no script where none is given, and no script can end itself', () => {
    expect(htmlPage({ title: 't', body: '' })).not.toContain('<script');
    const page = htmlPage({ title: 't', body: '', script: 'const s = "</script><b>out</b>";' });
    const code = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1];
    expect(new Function(`${code}; return s`)()).toBe('</script><b>out</b>');
  });

  it('defines every colour for light and for dark', () => {
    const names = [...PAGE_STYLE.matchAll(/(--[a-z0-9-]+):/g)].map(([, name]) => name);
    for (let i = 1; i <= SERIES_COLORS; i++) {
      expect(names.filter((name) => name === `--series-${i}`)).toHaveLength(2);
    }
  });
});

describe('openPlot', () => {
  let plot: Plotter;
  beforeAll(async () => {
    plot = await openPlot();
  });

  it('draws vectors, one mark for each datum', () => {
    const svg = plot({ marks: [plot.marks.barX([3, 1, 2], { y: (_, i) => `bar ${i}`, x: (d) => d })] });
    const { document } = parseHTML(svg);
    const bars = [...document.querySelectorAll('[aria-label="bar"] rect')];
    const widths = bars.map((bar) => Number(bar.getAttribute('width')));
    expect(widths[0] / widths[1]).toBeCloseTo(3, 6);
    expect(widths[2] / widths[1]).toBeCloseTo(2, 6);
    expect(svg).toContain('currentColor');
  });

  it('keeps markup in the data text', () => {
    const nasty = '<img src=x onerror=alert(1)>';
    const svg = plot({ marks: [plot.marks.barX([1], { y: () => nasty, x: 1, title: () => nasty })] });
    expect(svg).not.toContain('<img');
    expect(svg).toContain('&lt;img');
  });

  it('names a package that is not installed', async () => {
    const missing = 'no-such-package-at-all';
    const error = await optional(missing, () => import(missing)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInput);
    expect(error).toMatchObject({ message: expect.stringContaining(`'${missing}'`), hint: `npm install ${missing}` });
    const other = optional('x', () => Promise.reject(new TypeError('broken')));
    await expect(other).rejects.toThrow(TypeError);
  });
});
