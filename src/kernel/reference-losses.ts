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

  /** Solves d = s sigmoid(-u - d) for the change d of y m, by Newton's method kept within a bracket. */
  implicit(margin, target, gradient, s) {
    const u = target * margin;
    const full = s * sigmoid(-u);
    if (!(full > 1e-30)) return gradient;
    let low = 0;
    let high = full;
    let d = full;
    for (let i = 0; i < 200; i++) {
      const p = sigmoid(-u - d);
      const excess = d - s * p;
      if (excess > 0) high = d;
      else low = d;
      let next = d - excess / (1 + s * p * (1 - p));
      if (!(next > low && next < high)) next = (low + high) / 2;
      if (Math.abs(next - d) <= 1e-12 * next) break;
      d = next;
    }
    return (-target * d) / s;
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
