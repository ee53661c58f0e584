import { parseHTML } from 'linkedom';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { binaryPanels } from '../../src/cli/evaluate-page-binary.js';
import { followCutOff } from '../../src/cli/evaluate-page-cut-off.js';
import { metricsAt } from '../../src/evaluation/score-histogram.js';
import { type BinaryEvaluation, trainModel } from '../../src/node.js';
import { openPlot } from '../../src/page/plot.js';
import { fixture } from '../helpers/cli.js';

describe('the movable cut-off', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('shows the figures of the cut-off it is moved to, and moves lines and dot', async () => {
    const split = { strategy: 'random' } as const;
    const { evaluation } = await trainModel({ data: fixture('banking.csv.gz'), split, seed: 1 });
    const { scores } = evaluation as BinaryEvaluation;
    const { body, script } = binaryPanels(evaluation as BinaryEvaluation, await openPlot());
    expect(script).toContain(JSON.stringify(scores.positives));

    const { document, Event } = parseHTML(`<!doctype html><html><body>${body}</body></html>`);
    vi.stubGlobal('document', document);
    followCutOff(scores);
    const input = document.getElementById('cut-off') as HTMLInputElement;
    for (const cutOff of [0.5, 0.123, 0, 1]) {
      input.value = String(cutOff * scores.steps);
      input.dispatchEvent(new Event('input'));
      const shown = (figure: string): string =>
        (document.querySelector(`[data-figure="${figure}"]`) as Element).textContent as string;
      const metrics = metricsAt(scores, cutOff);
      expect(shown('cutOff')).toBe(cutOff.toFixed(3));
      for (const name of ['truePositives', 'falsePositives', 'trueNegatives', 'falseNegatives'] as const) {
        expect(shown(name)).toBe(metrics[name].toLocaleString('en'));
      }
      for (const name of ['accuracy', 'precision', 'recall', 'f1', 'falsePositiveRate'] as const) {
        expect(shown(name)).toBe(metrics[name].toFixed(4));
      }
      const number = (selector: string, name: string): number =>
        Number((document.querySelector(selector) as Element).getAttribute(name));
      const [left, right] = [number('.cut-line', 'data-left'), number('.cut-line', 'data-right')];
      expect(number('.cut-line', 'x1')).toBeCloseTo(left + cutOff * (right - left), 6);
      const [top, bottom] = [number('.cut-dot', 'data-top'), number('.cut-dot', 'data-bottom')];
      expect(number('.cut-dot', 'cy')).toBeCloseTo(bottom - metrics.recall * (bottom - top), 6);
    }
  });
});
