/** What the page's script works with. Counts are sums of weights where observations have weights. */
export interface CutOffData {
  readonly steps: number;
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/**
 * The script of the page: follows the range input, and shows the figures of its cut-off. Its text is put into the page,
 * so it uses nothing from outside.
 *
 * Elements: `#cut-off` the input; `[data-figure]` text; `.cut-line` lines at the cut-off, `.cut-dot` a dot on the ROC
 * curve, both with the frame of their chart in `data-left`, `data-right`, `data-top`, `data-bottom`.
 */
export function followCutOff({ steps, positives, negatives }: CutOffData): void {
  const input = document.getElementById('cut-off') as HTMLInputElement;
  const sum = (counts: readonly number[], from: number): number => {
    let total = 0;
    for (let k = from; k <= steps; k++) total += counts[k];
    return total;
  };
  const [allPositives, allNegatives] = [sum(positives, 0), sum(negatives, 0)];
  const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  const place = (element: Element, share: number, from: string, to: string): number => {
    const { dataset } = element as SVGElement;
    const [begin, end] = [Number(dataset[from]), Number(dataset[to])];
    return begin + share * (end - begin);
  };
  const update = (): void => {
    const step = Number(input.value);
    const truePositives = sum(positives, step);
    const falsePositives = sum(negatives, step);
    const falseNegatives = Math.max(0, allPositives - truePositives);
    const trueNegatives = Math.max(0, allNegatives - falsePositives);
    const recall = ratio(truePositives, allPositives);
    const falsePositiveRate = ratio(falsePositives, allNegatives);
    const counts: Record<string, number> = { truePositives, falsePositives, falseNegatives, trueNegatives };
    const all = allPositives + allNegatives;
    const rates: Record<string, number> = {
      accuracy: ratio(truePositives + trueNegatives, all),
      precision: ratio(truePositives, truePositives + falsePositives),
      recall,
      f1: ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
      falsePositiveRate,
      predictedPositiveRate: ratio(truePositives + falsePositives, all),
    };
    for (const element of document.querySelectorAll<HTMLElement>('[data-figure]')) {
      const name = element.dataset.figure as string;
      if (name === 'cutOff') element.textContent = (step / steps).toFixed(3);
      else if (name in counts) element.textContent = counts[name].toLocaleString('en', { maximumFractionDigits: 1 });
      else element.textContent = rates[name].toFixed(4);
    }
    for (const line of document.querySelectorAll('.cut-line')) {
      const x = String(place(line, step / steps, 'left', 'right'));
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
    for (const dot of document.querySelectorAll('.cut-dot')) {
      dot.setAttribute('cx', String(place(dot, falsePositiveRate, 'left', 'right')));
      dot.setAttribute('cy', String(place(dot, recall, 'bottom', 'top')));
    }
  };
  input.addEventListener('input', update);
  update();
}
