import { parseHTML } from 'linkedom';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { binaryPanels } from '../../src/cli/evaluate-page-binary.js';
import { followCutOff } from '../../src/cli/evaluate-page-cut-off.js';
import { trainingPanel } from '../../src/cli/evaluate-page-training.js';
import { metricsAt } from '../../src/evaluation/score-histogram.js';
import { type BinaryEvaluation, trainModel } from '../../src/node.js';
import { openPlot } from '../../src/page/plot.js';
import { fixture } from '../helpers/cli.js';

describe('the learning curves', () => {
  const draw = async (options: Parameters<typeof trainModel>[0]): Promise<string> =>
    trainingPanel(await trainModel(options), await openPlot());

  it('are losses, held-out losses, and in stage 2 the distance to the optimum and the gradient', async () => {
    const model = await trainModel({ data: fixture('sms.csv'), target: 'label', split: { strategy: 'random' } });
    const html = await trainingPanel(model, await openPlot());
    const series = ['training loss', 'held-out loss', 'distance to the optimum, estimate', 'gradient norm'];
    for (const name of series) expect(html).toContain(`${name}</span>`);
    const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
    const lines = [...document.querySelectorAll('g[aria-label="line"] path')];
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.getAttribute('stroke')).toMatch(/^var\(--series-\d\)$/);
    const { passes } = model.training;
    const ofStage2 = passes.filter(({ stage }) => stage === 2);
    expect(passes.length).toBeGreaterThan(5);
    expect(ofStage2.length).toBeGreaterThan(2);
    expect(document.querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(
      2 * passes.length + 2 * ofStage2.length,
    );
    expect(html).toContain('Strength of the prior');
  });

  it('leave out what there is not: held-out observations, and stage 2', async () => {
    const parameters = { 'sgd.maxPasses': 2 };
    const html = await draw({ data: fixture('iris.csv'), target: 'species', parameters });
    expect(html).not.toContain('held-out loss');
    expect(html).not.toContain('Stage 2');
    const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
    expect(document.querySelectorAll('g[aria-label="line"] path')).toHaveLength(1);
  });

  it('can be of one pass', async () => {
    const parameters = { 'sgd.maxPasses': 1 };
    expect(await draw({ data: fixture('iris.csv'), target: 'species', parameters })).not.toContain('NaN');
  });
});

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
