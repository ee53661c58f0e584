import type * as Plot from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';
import { InvalidInput } from '../errors.js';

/** Draws a chart as the text of an SVG element, or of a figure around one where it has a legend or a caption. */
export interface Plotter {
  (options: PlotOptions): string;
  /** Observable Plot: `plot.marks.rectY(…)`, `plot.marks.axisX(…)`, … */
  readonly marks: typeof Plot;
}

/**
 * Load Observable Plot and a document to draw in.
 *
 * Colours of a chart should be `currentColor` or the page's `var(--series-1)` … so that it is readable in light and dark.
 *
 * @throws InvalidInput naming the package when one of the two optional packages is not installed
 */
export async function openPlot(): Promise<Plotter> {
  const marks = await optional('@observablehq/plot', () => import('@observablehq/plot'));
  const { parseHTML } = await optional('linkedom', () => import('linkedom'));
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const draw = (options: PlotOptions): string => marks.plot({ document, ...options }).outerHTML;
  return Object.assign(draw, { marks });
}

/** @throws InvalidInput when the package is not installed */
export async function optional<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new InvalidInput(`charts need the package '${name}', which is not installed`, {
      hint: `npm install ${name}`,
      cause,
    });
  }
}
