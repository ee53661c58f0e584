import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE } from '../../src/features/rows.js';
import { type Form, type Observation, randomNumbers, type Task } from './observations.js';
import { reference, simd, Trial } from './trial.js';

const ROWS = 240;
const FEATURES = [2, 3, 4, 5];
const L2 = 1 / ROWS;

interface Problem {
  readonly name: string;
  readonly task: Task;
  readonly outputs: number;
  readonly observations: readonly Observation[];
}

/** @param noise 0 makes the classes separable */
function makeProblem(name: string, task: Task, outputs: number, noise: number): Problem {
  const random = randomNumbers(5);
  const normal = () => (random() + random() + random() - 1.5) * 2;
  const truth = Array.from({ length: 8 * outputs }, normal);
  const observations = Array.from({ length: ROWS }, () => {
    const values = new Map(FEATURES.map((feature) => [feature, Math.fround(normal())]));
    const margins = Array.from({ length: outputs }, (_, k) => {
      const clean = FEATURES.reduce((sum, j) => sum + truth[j * outputs + k] * values.get(j)!, 0.3 * k);
      return clean + noise * normal();
    });
    const target = {
      logistic: margins[0] > 0 ? 1 : -1,
      softmax: margins.indexOf(Math.max(...margins)),
      squared: Math.fround(margins[0]),
    }[task];
    return { target, values };
  });
  return { name, task, outputs, observations };
}

/** Loss and its derivatives by the margins, written independently of the reference kernel. */
function pointLoss(task: Task, margins: number[], target: number): { loss: number; gradients: number[] } {
  if (task === 'squared') return { loss: (margins[0] - target) ** 2 / 2, gradients: [margins[0] - target] };
  if (task === 'logistic') {
    const loss = Math.log(1 + Math.exp(-target * margins[0]));
    return { loss, gradients: [-target * (1 - Math.exp(-loss))] };
  }
  const exponentials = margins.map((margin) => Math.exp(margin));
  const sum = exponentials.reduce((a, b) => a + b);
  const gradients = exponentials.map((e, k) => e / sum - (k === target ? 1 : 0));
  return { loss: Math.log(sum) - margins[target], gradients };
}

/** F and its gradient, weights feature major: w[feature * outputs + k]. */
function objective({ task, outputs, observations }: Problem, weights: readonly number[]): { F: number; G: number[] } {
  const G = weights.map(() => 0);
  let F = 0;
  for (const { target, values } of observations) {
    const row: [number, number][] = [[BIAS_FEATURE, 1], ...values];
    const margins = Array.from({ length: outputs }, (_, k) =>
      row.reduce((m, [j, x]) => m + weights[j * outputs + k] * x, 0),
    );
    const { loss, gradients } = pointLoss(task, margins, target);
    F += loss / ROWS;
    for (const [j, x] of row) for (let k = 0; k < outputs; k++) G[j * outputs + k] += (gradients[k] * x) / ROWS;
  }
  for (const j of FEATURES) {
    for (let k = 0; k < outputs; k++) {
      F += (L2 / 2) * weights[j * outputs + k] ** 2;
      G[j * outputs + k] += L2 * weights[j * outputs + k];
    }
  }
  return { F, G };
}

/** Gradient descent with Nesterov's momentum, restarted where F rises (O'Donoghue, Candès 2015); only features in `free` move. */
function minimise(problem: Problem, free: readonly number[], iterations = 600): number {
  const step = problem.task === 'squared' ? 0.2 : 0.6;
  let weights: number[] = Array.from({ length: 6 * problem.outputs }, () => 0);
  let ahead = weights;
  let momentum = 0;
  let best = objective(problem, weights).F;
  for (let i = 0; i < iterations; i++) {
    const { G } = objective(problem, ahead);
    const next = ahead.map((w, at) => (free.includes(Math.floor(at / problem.outputs)) ? w - step * G[at] : w));
    const { F } = objective(problem, next);
    momentum = F > best ? 0 : momentum + 1;
    best = Math.min(best, F);
    const kept = weights;
    weights = next;
    ahead = next.map((w, at) => w + (momentum / (momentum + 3)) * (w - kept[at]));
  }
  return best;
}

/** Averaged weights after `passes` passes; the average begins with pass 2. */
function fit(
  implementation: typeof simd,
  { task, outputs, observations }: Problem,
  form: Form,
  passes: number,
): number[] {
  const trial = new Trial(implementation, { task, form, outputs, featureCount: 6, observations });
  trial.train({ l2: L2 });
  trial.averages(ROWS);
  for (let pass = 1; pass < passes; pass++) trial.train({ firstStep: 1 + (pass - 1) * ROWS, l2: L2 });
  return trial.averages((passes - 1) * ROWS);
}

const PROBLEMS = [
  makeProblem('logistic, noisy', 'logistic', 1, 1),
  makeProblem('logistic, separable', 'logistic', 1, 0),
  makeProblem('squared', 'squared', 1, 1),
  makeProblem('softmax, noisy', 'softmax', 3, 1),
  makeProblem('softmax, separable', 'softmax', 3, 0),
];

for (const problem of PROBLEMS) {
  describe(`convergence: ${problem.name}`, () => {
    const optimum = minimise(problem, [BIAS_FEATURE, ...FEATURES]);
    const constant = minimise(problem, [BIAS_FEATURE]);

    for (const implementation of [reference, simd]) {
      for (const form of ['sparse', 'dense'] as const) {
        it(`comes near the optimum in ten passes and nearer in forty: ${implementation.name}, ${form}`, () => {
          const excess = (passes: number) => {
            const { F } = objective(problem, fit(implementation, problem, form, passes));
            return (F - optimum) / (constant - optimum);
          };
          const [ten, forty] = [excess(10), excess(40)];
          // The specification measured a median of 4e-3 and a worst case of 6e-2 after ten passes.
          expect(ten).toBeLessThan(2e-2);
          expect(forty).toBeLessThan(ten);
          expect(forty).toBeGreaterThan(-1e-6);
        });
      }
    }
  });
}
