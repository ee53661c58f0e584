/**
 * A loss as stage 1 needs it. Margins, gradients and curvatures are arrays of K numbers.
 */
export interface Loss {
  /**
   * @param target as in a row record
   * @param gradients dl/dm, written
   * @param curvatures h of each output, written
   * @returns the loss, nats or (m - t)^2 / 2
   */
  evaluate(margins: Float64Array, target: number, gradients: Float64Array, curvatures: Float64Array): number;
  /**
   * The gradient of the implicit step, a g.
   *
   * @param s sum r x^2 of the output, times the weight of the row
   */
  implicit(margin: number, target: number, gradient: number, s: number): number;
}

const LEAST_CURVATURE = 0.01;
const MOST_CURVATURE = 1e15;

/** log(1 + e^-u), u = y m: binary logistic regression. */
export const logistic: Loss = {
  evaluate([margin], target, gradients, curvatures) {
    const u = target * margin;
    const p = sigmoid(-u);
    gradients[0] = -target * p;
    curvatures[0] = Math.max(p * p, p * (1 - p), LEAST_CURVATURE);
    return Math.max(-u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
  },

  /**
   * Solves d = s sigmoid(-u - d) for the change d of y m. By bisection: the sigmoid has a flat and a steep side, between which
   * Newton's method can swing for hundreds of steps.
   */
  implicit(margin, target, gradient, s) {
    const u = target * margin;
    let low = 0;
    let high = s * sigmoid(-u);
    if (!(high > 1e-30)) return gradient;
    for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
      const d = (low + high) / 2;
      if (d > s * sigmoid(-u - d)) high = d;
      else low = d;
    }
    return (-target * high) / s;
  },
};

/** (m - t)^2 / 2: linear regression; its implicit step is exact. */
export const squared: Loss = {
  evaluate([margin], target, gradients, curvatures) {
    const residual = margin - target;
    gradients[0] = residual;
    curvatures[0] = Math.min(Math.max(residual * residual, 1), MOST_CURVATURE);
    return (residual * residual) / 2;
  },

  implicit(_margin, _target, gradient, s) {
    return gradient / (1 + s);
  },
};

/** logsumexp(m) - m_y: multinomial logistic regression; the implicit step of a majorant with curvature 1/4. */
export const softmax: Loss = {
  evaluate(margins, target, gradients, curvatures) {
    const most = Math.max(...margins);
    let sum = 0;
    for (const margin of margins) sum += Math.exp(margin - most);
    margins.forEach((margin, k) => {
      const p = Math.exp(margin - most) / sum;
      const g = p - (k === target ? 1 : 0);
      gradients[k] = g;
      curvatures[k] = Math.max(g * g, p * (1 - p), LEAST_CURVATURE);
    });
    return most - margins[target] + Math.log(sum);
  },

  implicit(_margin, _target, gradient, s) {
    return gradient / (1 + s / 4);
  },
};

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
